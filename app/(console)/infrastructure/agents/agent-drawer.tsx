"use client";

import Link from "next/link";
import type { AgentView } from "../../../../lib/tunnels/agents/schema.ts";
import { Absent, Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { formatBytes, formatNumber } from "../../../components/audit/format-count.ts";
import { Button } from "../../../components/button.tsx";
import { eventHistoryHref, requestAuditHref } from "../../../components/list/audit-links.ts";
import { Copyable } from "../../../components/list/copyable.tsx";
import type { RowAction } from "../../../components/list/list-column.ts";
import { ListDrawer } from "../../../components/list/list-drawer.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { Moment, When } from "../../../components/time/when.tsx";
import { AgentConnections } from "./agent-connections.tsx";
import { AgentState } from "./agent-state.tsx";
import { AgentVersion } from "./agent-version.tsx";

/** One agent: how it is, what it is connected by, and its certificate. */
export function AgentDrawer({
  agent,
  onClose,
  actions,
}: {
  agent: AgentView;
  onClose: () => void;
  actions: readonly RowAction[];
}) {
  const mayAudit = useViewer().permissions.includes("audit:read");
  return (
    <ListDrawer
      kind="Agent"
      title={agent.name}
      subtitle={<AgentState state={agent.state} />}
      onClose={onClose}
      foot={
        <>
          {mayAudit ? (
            <>
              <Button asChild>
                <Link href={requestAuditHref({ field: "tunnelAgent", value: agent.name })}>Calls</Link>
              </Button>
              <Button asChild>
                <Link href={eventHistoryHref({ field: "entityId", value: agent.id })}>Events</Link>
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
      <Section title="Agent">
        <AgentFacts agent={agent} />
      </Section>
      <AgentConnections agentId={agent.id} />
      <Section title="Certificate">
        <Facts>
          <Fact name="Ends">
            <Moment time={agent.certificate.endsAt} absent="" />
          </Fact>
          <Fact name="SHA-256">
            <span className="mono break-all">{agent.certificate.fingerprint}</span>
          </Fact>
          <Fact name="Serial number">
            <span className="mono break-all">{agent.certificate.serial}</span>
          </Fact>
        </Facts>
      </Section>
    </ListDrawer>
  );
}

function AgentFacts({ agent }: { agent: AgentView }) {
  const { cluster, tags, address, joinedAt, joinedBy, lastSeenAt, calls, bytesIn, bytesOut, revoked } = agent;
  return (
    <Facts>
      <Fact name="Cluster">
        <Link href={`/infrastructure/clusters?open=${cluster.id}`} className="font-medium text-accent">
          {cluster.name}
        </Link>
      </Fact>
      <Fact name="Tags">
        {tags.length === 0 ? (
          <Absent>None</Absent>
        ) : (
          <span className="flex flex-wrap gap-1">
            {tags.map((tag) => (
              <span key={tag} className="tag">
                {tag}
              </span>
            ))}
          </span>
        )}
      </Fact>
      <Fact name="Version">
        <AgentVersion agent={agent} />
      </Fact>
      <Fact name="Address">{address ?? <Absent>Not known</Absent>}</Fact>
      <Fact name="Last seen">
        <When time={lastSeenAt} absent="Never" />
      </Fact>
      <Fact name="Joined">
        <Moment time={joinedAt} absent="" />
      </Fact>
      <Fact name="Join token by">{joinedBy ?? <Absent>Not known</Absent>}</Fact>
      <Fact name="Calls">
        {formatNumber(calls)}, {formatBytes(bytesIn)} to the cluster, {formatBytes(bytesOut)} from it
      </Fact>
      {revoked ? (
        <Fact name="Revoked">
          <Moment time={revoked.at} absent="" />
          {revoked.by ? ` by ${revoked.by}` : ""}
          {revoked.reason ? `: ${revoked.reason}` : ""}
        </Fact>
      ) : null}
      <Fact name="ID">
        <Copyable text={agent.id} label="Copy ID" />
      </Fact>
    </Facts>
  );
}
