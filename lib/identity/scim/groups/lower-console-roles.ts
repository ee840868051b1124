import { recordEvent } from "../../../audit/events/record.ts";
import type { ConsoleRole, Context } from "../../../context.ts";
import type { Transaction } from "../../../db/client.ts";
import { announceRevocation } from "../../../revocation/revocation.ts";
import { consoleRoleOf } from "../../actor/actor-row.ts";
import { personEntity } from "../../people/changes.ts";
import { consoleRoleOfGroups } from "../../people/console-role.ts";
import type { ChangedGroup } from "./change-members.ts";

const RANK: Record<ConsoleRole, number> = { user: 0, auditor: 1, administrator: 2 };

/**
 * Who left a group that makes its members administrators or auditors is what their other groups make of them, at once. SCIM takes a console
 * role and never gives one: that is for the next sign-in, by what the identity provider says of it.
 */
export async function lowerConsoleRoles(
  tx: Transaction,
  ctx: Context,
  { group, left }: { group: ChangedGroup; left: readonly string[] },
): Promise<void> {
  if (consoleRoleOfGroups(namesOf(group), group.issuer) === "user") return;
  const people = await tx.user.findMany({
    where: { id: { in: [...left] }, consoleRole: { not: "user" } },
    include: { memberships: { include: { group: true } } },
  });
  for (const person of people) {
    const groups = person.memberships
      .map((each) => each.group)
      .filter(({ issuer }) => issuer === person.issuer);
    const consoleRole = consoleRoleOfGroups(groups.flatMap(namesOf), person.issuer);
    const before = consoleRoleOf(person.consoleRole);
    if (RANK[consoleRole] >= RANK[before]) continue;
    await tx.user.update({ where: { id: person.id }, data: { consoleRole } });
    await announceRevocation(tx, { kind: "user", id: person.id });
    await recordEvent(tx, ctx, {
      action: "Update",
      ...personEntity(person),
      before: { consoleRole: before },
      after: { consoleRole, reason: `left the group ${group.displayName ?? group.name}` },
    });
  }
}

type Named = Pick<ChangedGroup, "name" | "displayName" | "scimExternalId">;

/** What the configuration may call a group. */
const namesOf = ({ name, displayName, scimExternalId }: Named): string[] =>
  [name, displayName, scimExternalId].filter((each) => each !== null);
