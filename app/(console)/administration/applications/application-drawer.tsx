"use client";

import Link from "next/link";
import type { ApplicationView } from "../../../../lib/identity/applications/schema.ts";
import { Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { Button } from "../../../components/button.tsx";
import { BoundsFacts } from "../../../components/keys/bounds-facts.tsx";
import { requestAuditHref } from "../../../components/list/audit-links.ts";
import { Copyable } from "../../../components/list/copyable.tsx";
import { GrantsOf } from "../../../components/list/grants-of.tsx";
import type { RowAction } from "../../../components/list/list-column.ts";
import { ListDrawer } from "../../../components/list/list-drawer.tsx";
import { Moment } from "../../../components/time/when.tsx";
import { CONSOLE_ROLES } from "../users/console-roles.ts";
import { EnabledMark } from "../users/enabled-mark.tsx";
import { EVERYTHING } from "./everything.ts";

/** One application: its id, use and grants. */
export function ApplicationDrawer({
  application,
  onClose,
  actions,
}: {
  application: ApplicationView;
  onClose: () => void;
  actions: readonly RowAction[];
}) {
  return (
    <ListDrawer
      kind="Application"
      title={application.name}
      onClose={onClose}
      foot={
        <>
          <Button asChild className="mr-auto">
            <Link href={requestAuditHref({ field: "user", value: application.name })}>Calls</Link>
          </Button>
          {actions.map(({ label, danger, run }) => (
            <Button key={label} look={danger ? "danger-plain" : "plain"} onClick={run}>
              {label}
            </Button>
          ))}
        </>
      }
    >
      <Section title="Application">
        <Facts>
          <Fact name="Status">
            <EnabledMark enabled={application.enabled} />
          </Fact>
          <Fact name="Console role">{CONSOLE_ROLES[application.consoleRole]}</Fact>
          <Fact name="Last used">
            <Moment time={application.lastUsedAt} absent="Never" />
            {application.lastUsedFrom === null ? null : ` from ${application.lastUsedFrom}`}
          </Fact>
          <Fact name="Created">
            <Moment time={application.createdAt} absent="" />
          </Fact>
          <Fact name="Client ID">
            <Copyable text={application.id} label="Copy client ID" />
          </Fact>
          <BoundsFacts bounds={application} everything={EVERYTHING} />
          <Fact name="Secret">
            <PresentSecret application={application} />
          </Fact>
          {application.previousSecretEndsAt === null ? null : (
            <Fact name="Old secret">
              Counts until <Moment time={application.previousSecretEndsAt} absent="" />
            </Fact>
          )}
        </Facts>
      </Section>
      <GrantsOf
        title="Grants"
        asked={{ subject: application.id }}
        filter={({ subject }) => subject.kind === "application" && subject.id === application.id}
      />
    </ListDrawer>
  );
}

function PresentSecret({
  application: { secretExpiresAt, secretCreatedAt },
}: {
  application: ApplicationView;
}) {
  if (secretExpiresAt !== null) {
    return (
      <>
        Made with a token, ends with it at the latest <Moment time={secretExpiresAt} absent="" />. Rotate it
        here to keep it.
      </>
    );
  }
  if (secretCreatedAt === null) return "Only its hash is kept";
  return (
    <>
      Made <Moment time={secretCreatedAt} absent="" />; only its hash is kept
    </>
  );
}
