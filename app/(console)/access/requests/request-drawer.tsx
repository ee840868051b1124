"use client";

import Link from "next/link";
import type { AccessRequestForViewer } from "../../../../lib/access/requests/schema.ts";
import { Absent, Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { Button } from "../../../components/button.tsx";
import { eventHistoryHref, requestAuditHref } from "../../../components/list/audit-links.ts";
import { Copyable } from "../../../components/list/copyable.tsx";
import type { RowAction } from "../../../components/list/list-column.ts";
import { ListDrawer } from "../../../components/list/list-drawer.tsx";
import { formatLength, requestPlace } from "../../../components/requests/request-place.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { Moment } from "../../../components/time/when.tsx";
import { CallsOfRequest } from "./calls-of-request.tsx";
import { StateMark } from "./request-state.tsx";

/** One request: what was asked for, what was answered, what was given, and what was done with it. */
export function RequestDrawer({
  request,
  actions,
  onClose,
}: {
  request: AccessRequestForViewer;
  actions: readonly RowAction[];
  onClose: () => void;
}) {
  const mayAudit = useViewer().permissions.includes("audit:read");
  const { role, person, grant, answer } = request;
  return (
    <ListDrawer
      kind={request.kind === "break_glass" ? "Break-glass" : "Request"}
      title={
        <>
          {role.name} <span className="font-normal text-fg-3">for</span> {person.name}
        </>
      }
      subtitle={<StateMark state={request.state} />}
      onClose={onClose}
      foot={
        <>
          {mayAudit ? (
            <Button asChild>
              <Link href={eventHistoryHref({ field: "entityId", value: request.id })}>Events</Link>
            </Button>
          ) : null}
          {actions.map(({ label, danger, run }, index) => (
            <Button
              key={label}
              className={index === 0 ? "ml-auto" : undefined}
              look={danger ? "danger-plain" : undefined}
              onClick={run}
            >
              {label}
            </Button>
          ))}
        </>
      }
    >
      <Section title="Asked for">
        <Facts>
          <Fact name="Where">{requestPlace(request)}</Fact>
          <Fact name="For">{formatLength(request.durationMs)}</Fact>
          <Fact name="Reason">{request.reason}</Fact>
          <Fact name="Asked">
            <Moment time={request.createdAt} absent="" />
          </Fact>
          {request.state === "open" || request.state === "lapsed" ? (
            <Fact name="Answer by">
              <Moment time={request.answerBy} absent="" />
            </Fact>
          ) : null}
          <Fact name="ID">
            <Copyable text={request.id} label="Copy ID" />
          </Fact>
        </Facts>
      </Section>
      {answer ? (
        <Section title="Answer">
          <Facts>
            <Fact name="By">{answer.by ?? <Absent>Its event says</Absent>}</Fact>
            <Fact name="At">
              <Moment time={answer.at} absent="" />
            </Fact>
            <Fact name="Word">{answer.word ?? <Absent>None</Absent>}</Fact>
          </Facts>
        </Section>
      ) : null}
      {grant ? <GrantSection request={request} grant={grant} /> : null}
      {grant && (mayAudit || request.own) ? <CallsOfRequest grantId={request.id} /> : null}
    </ListDrawer>
  );
}

function GrantSection({
  request,
  grant,
}: {
  request: AccessRequestForViewer;
  grant: NonNullable<AccessRequestForViewer["grant"]>;
}) {
  return (
    <Section
      title="Given"
      right={<Link href={requestAuditHref({ field: "grantId", value: request.id })}>Its calls</Link>}
    >
      <Facts>
        <Fact name="Where">{requestPlace({ ...grant, project: request.project })}</Fact>
        <Fact name="Ends">
          <Moment time={grant.expiresAt} absent="When it is revoked" />
        </Fact>
        <Fact name="Last used">
          <Moment time={grant.lastUsedAt} absent="Never" />
        </Fact>
        {grant.endedAt ? (
          <>
            <Fact name="Ended">
              <Moment time={grant.endedAt} absent="" />
            </Fact>
            <Fact name="Ended by">{grant.endedBy ?? <Absent>Its event says</Absent>}</Fact>
            <Fact name="Why">{grant.endReason ?? <Absent>None given</Absent>}</Fact>
          </>
        ) : null}
      </Facts>
    </Section>
  );
}
