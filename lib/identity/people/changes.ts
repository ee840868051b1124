import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { AppError } from "../../errors.ts";
import { announceIdentityChange, announceRevocation } from "../../revocation/revocation.ts";
import { revokeTokens } from "../credential-chain/chain.ts";
import { endLogins } from "../login-life/end-logins.ts";
import { consoleRoleOfGroups } from "./console-role.ts";
import { type PersonRow, viewPerson, WITH_GROUPS } from "./data.ts";
import { syncMemberships } from "./memberships.ts";

// Steps of the mutations, each within its caller's transaction.

export const personEntity = (row: { id: string; email: string | null }) => ({
  entityType: "User" as const,
  entityId: row.id,
  entityName: row.email,
});

interface EnabledChange {
  before: PersonRow;
  disabledBy: "administrator" | "identity_provider" | "scim" | null;
  reason?: string;
}

/** The change, what it revokes, and the event. */
export async function writeEnabled(
  tx: Transaction,
  ctx: Context,
  { before, disabledBy, reason }: EnabledChange,
): Promise<PersonRow> {
  const enabled = disabledBy === null;
  const data = { enabled, disabledBy };
  const person = await tx.user.update({ where: { id: before.id }, data, include: WITH_GROUPS });
  if (!enabled) {
    await revokeTokens(tx, { userId: person.id });
    await endLogins(tx, { userId: person.id });
    await tx.session.deleteMany({ where: { userId: person.id } });
    await announceRevocation(tx, { kind: "user", id: person.id });
  }
  await recordEvent(tx, ctx, {
    action: "Update",
    operation: enabled ? "Enable" : "Disable",
    ...personEntity(person),
    before: viewPerson(before),
    after: reason === undefined ? viewPerson(person) : { ...viewPerson(person), reason },
  });
  return person;
}

/** Memberships, the console role that follows from them, what is lost with them, and the events. */
export async function applyGroups(
  tx: Transaction,
  ctx: Context,
  { person, groups }: { person: PersonRow; groups: readonly string[] },
): Promise<PersonRow> {
  const { joined, left } = await syncMemberships(tx, ctx, { person, groups });
  const consoleRole = consoleRoleOfGroups(groups, person.issuer);
  const roleChanged = consoleRole !== person.consoleRole;
  if (!roleChanged && joined.length === 0 && left.length === 0) return person;
  await tx.user.update({ where: { id: person.id }, data: { consoleRole } });
  const after = await findPerson(tx, person.id);
  const subject = { kind: "user", id: person.id } as const;
  if (left.length > 0) await announceRevocation(tx, subject);
  else await announceIdentityChange(tx, subject);
  if (roleChanged) {
    const views = { before: viewPerson(person), after: viewPerson(after) };
    await recordEvent(tx, ctx, { action: "Update", ...personEntity(person), ...views });
  }
  return after;
}

export async function findPerson(tx: Transaction, id: string): Promise<PersonRow> {
  const row = await tx.user.findUnique({ where: { id }, include: WITH_GROUPS });
  if (!row) throw new AppError("not_found", "There is no person with that id.");
  return row;
}
