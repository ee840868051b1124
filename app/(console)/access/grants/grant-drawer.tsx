"use client";

import Link from "next/link";
import type { GrantView } from "../../../../lib/access/grants/schema.ts";
import { Absent, Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { Button } from "../../../components/button.tsx";
import { eventHistoryHref } from "../../../components/list/audit-links.ts";
import { Copyable } from "../../../components/list/copyable.tsx";
import { namedScopeOf } from "../../../components/list/grants-of.tsx";
import { ListDrawer } from "../../../components/list/list-drawer.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { Moment } from "../../../components/time/when.tsx";
import { isExpired, Subject } from "./subject.tsx";

const LINK = "text-accent hover:underline underline-offset-2";

/** One grant: who, what, where, until when. */
export function GrantDrawer({
  grant,
  onClose,
  onChangeExpiry,
  onRevoke,
}: {
  grant: GrantView;
  onClose: () => void;
  onChangeExpiry?: (grant: GrantView) => void;
  onRevoke?: (grant: GrantView) => void;
}) {
  const mayAudit = useViewer().permissions.includes("audit:read");
  const { role, cluster, subject, namespaces } = grant;
  const named = namedScopeOf(grant);
  return (
    <ListDrawer
      kind="Grant"
      title={
        <>
          {role.name} <span className="font-normal text-fg-3">to</span> {subject.name}
        </>
      }
      subtitle={isExpired(grant) ? "Expired: it does not count any more" : undefined}
      onClose={onClose}
      foot={
        <>
          {mayAudit ? (
            <Button asChild>
              <Link href={eventHistoryHref({ field: "entityId", value: grant.id })}>Events</Link>
            </Button>
          ) : null}
          {onChangeExpiry ? (
            <Button className="ml-auto" onClick={() => onChangeExpiry(grant)}>
              Change expiry…
            </Button>
          ) : null}
          {onRevoke ? (
            <Button look="danger-plain" onClick={() => onRevoke(grant)}>
              Revoke
            </Button>
          ) : null}
        </>
      }
    >
      <Section title="Grant">
        <Facts>
          <Fact name="Who">
            <Link href={subjectHref(subject)} className={`${LINK} inline-block max-w-full`}>
              <Subject subject={subject} />
            </Link>
          </Fact>
          <Fact name="Role">
            <Link href={`/access/roles?role=${encodeURIComponent(role.name)}`} className={LINK}>
              {role.name}
            </Link>
          </Fact>
          {named ? (
            <Fact name={named.noun.charAt(0).toUpperCase() + named.noun.slice(1)}>
              <Link href={named.href} className={LINK}>
                {named.name}
              </Link>
            </Fact>
          ) : (
            <>
              <Fact name="Cluster">
                {cluster ? (
                  <Link href={`/infrastructure/clusters?open=${cluster.id}`} className={LINK}>
                    {cluster.name}
                  </Link>
                ) : (
                  "Every cluster, also those to come"
                )}
              </Fact>
              <Fact name="Namespaces">
                {namespaces.length === 0 ? <Absent>All, and what has none</Absent> : namespaces.join(", ")}
              </Fact>
            </>
          )}
          {grant.agentTag === null ? null : (
            <Fact name="Agent tag">
              <span className="tag">{grant.agentTag}</span>
            </Fact>
          )}
          <Fact name="Expires">
            <Moment time={grant.expiresAt} absent="When it is revoked" />
          </Fact>
          <Fact name="Last used">
            <Moment time={grant.lastUsedAt} absent="Never" />
          </Fact>
          {grant.origin === "grant" ? null : (
            <Fact name="From">
              <Link href={`/access/requests?open=${grant.id}`} className={LINK}>
                {grant.origin === "break_glass" ? "Break-glass" : "A request for access"}
              </Link>
            </Fact>
          )}
          <Fact name="Granted">
            <Moment time={grant.createdAt} absent="" />
          </Fact>
          <Fact name="By">{grant.grantedBy ?? <Absent>Its event says</Absent>}</Fact>
          <Fact name="Reason">{grant.reason ?? <Absent>None given</Absent>}</Fact>
          <Fact name="ID">
            <Copyable text={grant.id} label="Copy ID" />
          </Fact>
        </Facts>
      </Section>
    </ListDrawer>
  );
}

function subjectHref({ kind, id }: GrantView["subject"]): string {
  const pages = { user: "users", group: "groups", application: "applications" } as const;
  return `/administration/${pages[kind]}?open=${id}`;
}
