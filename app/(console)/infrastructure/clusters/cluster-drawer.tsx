"use client";

import Link from "next/link";
import type { ClusterWithHealth } from "../../../../lib/clusters/schema.ts";
import { Absent, Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { Button } from "../../../components/button.tsx";
import { CopyButton } from "../../../components/copy-button.tsx";
import { eventHistoryHref, requestAuditHref } from "../../../components/list/audit-links.ts";
import { Copyable } from "../../../components/list/copyable.tsx";
import { GrantsOf } from "../../../components/list/grants-of.tsx";
import type { RowAction } from "../../../components/list/list-column.ts";
import { ListDrawer } from "../../../components/list/list-drawer.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { Moment } from "../../../components/time/when.tsx";
import { ClusterAgents } from "./cluster-agents.tsx";
import { ClusterHealthSection } from "./cluster-health.tsx";
import { CONNECTIONS, isProvedByAgent } from "./connection-fields.tsx";
import { CREDENTIALS } from "./credential-form.tsx";
import { Trust } from "./trust.tsx";

/** One cluster: where it is, how it is trusted, who may reach it. */
export function ClusterDrawer({
  cluster,
  onClose,
  onChecked,
  actions,
}: {
  cluster: ClusterWithHealth;
  onClose: () => void;
  onChecked: () => void;
  actions: readonly RowAction[];
}) {
  const mayAudit = useViewer().permissions.includes("audit:read");
  return (
    <ListDrawer
      kind="Cluster"
      title={cluster.name}
      subtitle={<span className="mono break-all">{cluster.endpoint}</span>}
      onClose={onClose}
      foot={
        <>
          {mayAudit ? (
            <>
              <Button asChild>
                <Link href={requestAuditHref({ field: "cluster", value: cluster.name })}>Calls</Link>
              </Button>
              <Button asChild>
                <Link href={eventHistoryHref({ field: "entityId", value: cluster.id })}>Events</Link>
              </Button>
            </>
          ) : null}
          <span className="ml-auto" />
          {actions.map(({ label, danger, run }) => (
            <Button key={label} look={danger ? "danger-plain" : "plain"} onClick={run}>
              {label}
            </Button>
          ))}
        </>
      }
    >
      <ClusterHealthSection cluster={cluster} onChecked={onChecked} />
      <Section title="Connection">
        <Facts>
          <Fact name="Way">{CONNECTIONS[cluster.connection]}</Fact>
          <Fact name="Certificate">
            {isProvedByAgent(cluster) ? "Checked by the agent" : <Trust cluster={cluster} />}
          </Fact>
          <Fact name="Name in it">{cluster.tlsServerName ?? <Absent>The endpoint’s</Absent>}</Fact>
          <Fact name="Credential">
            {isProvedByAgent(cluster) ? "The agent’s own" : CREDENTIALS[cluster.credentialKind]}
          </Fact>
          <Fact name="Labels">
            {Object.keys(cluster.labels).length === 0 ? (
              <Absent>None</Absent>
            ) : (
              <span className="flex flex-wrap gap-1">
                {Object.entries(cluster.labels).map(([name, value]) => (
                  <span key={name} className="tag">
                    {name}={value}
                  </span>
                ))}
              </span>
            )}
          </Fact>
          <Fact name="Added">
            <Moment time={cluster.createdAt} absent="" />
          </Fact>
          <Fact name="Changed">
            <Moment time={cluster.updatedAt} absent="" />
          </Fact>
          <Fact name="ID">
            <Copyable text={cluster.id} label="Copy ID" />
          </Fact>
        </Facts>
      </Section>
      <ClusterAgents cluster={cluster} />
      {cluster.certificateAuthority ? (
        <Section
          title="Certificate authority"
          right={<CopyButton text={cluster.certificateAuthority} label="Copy certificate" />}
        >
          <pre className="code max-h-40 overflow-auto px-3 py-2">{cluster.certificateAuthority.trim()}</pre>
        </Section>
      ) : null}
      <GrantsOf
        title="Grants on it"
        asked={{ cluster: cluster.id }}
        filter={({ clusterIds }) => clusterIds === null || clusterIds.includes(cluster.id)}
      />
    </ListDrawer>
  );
}
