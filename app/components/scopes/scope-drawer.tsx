"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import type { GrantView } from "../../../lib/access/grants/schema.ts";
import { Absent, Fact, Facts, Section } from "../audit/detail/facts.tsx";
import { Button } from "../button.tsx";
import { eventHistoryHref } from "../list/audit-links.ts";
import { Copyable } from "../list/copyable.tsx";
import { GrantsOf } from "../list/grants-of.tsx";
import type { RowAction } from "../list/list-column.ts";
import { ListDrawer } from "../list/list-drawer.tsx";
import { useViewer } from "../shell/viewer.tsx";
import { Moment } from "../time/when.tsx";

/** One project, department or node pool: what it is made of, which grants name it. */
export function ScopeDrawer({
  kind,
  scope,
  facts,
  callsHref,
  isNamedBy,
  onClose,
  actions,
  children,
}: {
  /** `Project`. */
  kind: string;
  scope: { id: string; name: string; description: string; createdAt: string; updatedAt: string };
  facts?: ReactNode;
  /** Where Request Audit has its calls. */
  callsHref?: string;
  isNamedBy: (grant: GrantView) => boolean;
  onClose: () => void;
  actions: readonly RowAction[];
  children: ReactNode;
}) {
  const mayAudit = useViewer().permissions.includes("audit:read");
  return (
    <ListDrawer
      kind={kind}
      title={scope.name}
      subtitle={scope.description || undefined}
      onClose={onClose}
      foot={
        <>
          {mayAudit && callsHref ? (
            <Button asChild>
              <Link href={callsHref}>Calls</Link>
            </Button>
          ) : null}
          {mayAudit ? (
            <Button asChild>
              <Link href={eventHistoryHref({ field: "entityId", value: scope.id })}>Events</Link>
            </Button>
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
      {children}
      <GrantsOf title="Grants on it" filter={isNamedBy} />
      <Section title={kind}>
        <Facts>
          {facts}
          <Fact name="Description">{scope.description || <Absent>None</Absent>}</Fact>
          <Fact name="Made">
            <Moment time={scope.createdAt} absent="" />
          </Fact>
          <Fact name="Changed">
            <Moment time={scope.updatedAt} absent="" />
          </Fact>
          <Fact name="ID">
            <Copyable text={scope.id} label="Copy ID" />
          </Fact>
        </Facts>
      </Section>
    </ListDrawer>
  );
}
