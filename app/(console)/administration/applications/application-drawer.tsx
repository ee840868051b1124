"use client";

import Link from "next/link";
import type { ApplicationView } from "../../../../lib/identity/applications/schema.ts";
import { Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { Button } from "../../../components/button.tsx";
import { requestAuditHref } from "../../../components/list/audit-links.ts";
import { Copyable } from "../../../components/list/copyable.tsx";
import { GrantsOf } from "../../../components/list/grants-of.tsx";
import type { RowAction } from "../../../components/list/list-column.ts";
import { ListDrawer } from "../../../components/list/list-drawer.tsx";
import { Moment } from "../../../components/time/when.tsx";
import { CONSOLE_ROLES } from "../users/console-roles.ts";
import { EnabledMark } from "../users/enabled-mark.tsx";

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
          </Fact>
          <Fact name="Created">
            <Moment time={application.createdAt} absent="" />
          </Fact>
          <Fact name="Client ID">
            <Copyable text={application.id} label="Copy client ID" />
          </Fact>
          <Fact name="Secret">
            {application.secretExpiresAt === null ? (
              "Only its hash is kept"
            ) : (
              <>
                Made with a token, ends with it at the latest{" "}
                <Moment time={application.secretExpiresAt} absent="" />. Rotate it here to keep it.
              </>
            )}
          </Fact>
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
