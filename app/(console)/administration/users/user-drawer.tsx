"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { PersonView } from "../../../../lib/identity/people/schema.ts";
import { Absent, Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { formatNumber } from "../../../components/audit/format-count.ts";
import { Button } from "../../../components/button.tsx";
import { eventHistoryHref, requestAuditHref } from "../../../components/list/audit-links.ts";
import { Copyable } from "../../../components/list/copyable.tsx";
import { GrantsOf } from "../../../components/list/grants-of.tsx";
import { ListDrawer } from "../../../components/list/list-drawer.tsx";
import { requestJson } from "../../../components/request-json.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { Moment } from "../../../components/time/when.tsx";
import { CONSOLE_ROLES } from "./console-roles.ts";
import { EnabledMark } from "./enabled-mark.tsx";
import { UserLogins } from "./user-logins.tsx";
import { UserSessions } from "./user-sessions.tsx";
import { USER_SOURCES } from "./user-sources.ts";
import { UserTokens } from "./user-tokens.tsx";

/** So many groups are shown; somebody may be in thousands. */
const MOST_GROUPS = 100;

/** One person: status, groups, tokens, sessions, grants, and the way to what they did. */
export function UserDrawer({
  user: listed,
  onClose,
  mayRevoke,
  onChange,
}: {
  user: PersonView;
  onClose: () => void;
  mayRevoke: boolean;
  /** Left out where the viewer may neither disable nor enable them. */
  onChange?: (user: PersonView) => void;
}) {
  const mayAudit = useViewer().permissions.includes("audit:read");
  const user = useWholeUser(listed);
  const groups = user.groups.slice(0, MOST_GROUPS);
  return (
    <ListDrawer
      kind="User"
      title={user.name}
      subtitle={user.email}
      onClose={onClose}
      foot={
        <>
          {mayAudit ? (
            <>
              <Button asChild>
                <Link href={requestAuditHref({ field: "user", value: user.email })}>Calls</Link>
              </Button>
              <Button asChild>
                <Link href={eventHistoryHref({ field: "email", value: user.email })}>Events</Link>
              </Button>
            </>
          ) : null}
          {onChange ? (
            <Button
              className="ml-auto"
              look={user.enabled ? "danger-plain" : "plain"}
              onClick={() => onChange(user)}
            >
              {user.enabled ? "Disable" : "Enable"}
            </Button>
          ) : null}
        </>
      }
    >
      <Section title="Person">
        <Facts>
          <Fact name="Status">
            <EnabledMark enabled={user.enabled} />
            {user.disabledBy ? <span className="muted"> {WHO_DISABLED[user.disabledBy]}</span> : null}
          </Fact>
          {user.formerIssuer === null ? (
            <Fact name="Identity provider">{user.provider}</Fact>
          ) : (
            <Fact name="Identity provider">
              {user.formerIssuer}, which is not configured any more: they cannot sign in, and their tokens do
              not count
            </Fact>
          )}
          <Fact name="Source">{USER_SOURCES[user.source]}</Fact>
          <Fact name="Console role">{CONSOLE_ROLES[user.consoleRole]}</Fact>
          <Fact name="Last sign-in">
            <Moment time={user.lastLoginAt} absent="Never" />
          </Fact>
          <Fact name="Confirmed">
            <Moment time={user.confirmedAt} absent="Not yet, by the identity provider" />
          </Fact>
          <Fact name="Known since">
            <Moment time={user.createdAt} absent="" />
          </Fact>
          <Fact name="ID">
            <Copyable text={user.id} label="Copy ID" />
          </Fact>
        </Facts>
      </Section>
      <Section title="Groups">
        {user.groups.length === 0 ? <Absent>In no group</Absent> : null}
        <ul className="flex flex-wrap gap-1.5">
          {groups.map((group) => (
            <li key={group} className="tag">
              {group}
            </li>
          ))}
        </ul>
        {user.groupCount > groups.length ? (
          <p className="text-fg-3">and {formatNumber(user.groupCount - groups.length)} more</p>
        ) : null}
      </Section>
      <UserTokens userId={user.id} mayRevoke={mayRevoke} />
      <UserSessions userId={user.id} mayRevoke={mayRevoke} />
      <UserLogins userId={user.id} mayRevoke={mayRevoke} />
      <GrantsOf
        title="Grants"
        filter={({ subject }) =>
          (subject.kind === "user" && subject.id === user.id) ||
          (subject.kind === "group" && user.groupIds.includes(subject.id))
        }
      />
    </ListDrawer>
  );
}

/** A list names the first of somebody's groups alone. */
function useWholeUser(listed: PersonView): PersonView {
  const { id, groups, groupCount } = listed;
  const { data } = useQuery({
    queryKey: ["/api/v1/users", "whole", id],
    queryFn: ({ signal }) => requestJson(`/api/v1/users/${id}`, PersonView, { signal }),
    enabled: groups.length < groupCount,
  });
  return data ? { ...listed, groups: data.groups, groupIds: data.groupIds } : listed;
}

const WHO_DISABLED: Record<NonNullable<PersonView["disabledBy"]>, string> = {
  administrator: "by an administrator",
  identity_provider: "by the identity provider",
  scim: "by the identity provider (SCIM)",
};
