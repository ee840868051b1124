import { recordEvent } from "../../../audit/events/record.ts";
import type { Context } from "../../../context.ts";
import type { Transaction } from "../../../db/client.ts";
import { announceIdentityChange, announceRevocation } from "../../../revocation/revocation.ts";
import { invalidValue } from "../protocol/scim-error.ts";
import { lowerConsoleRoles } from "./lower-console-roles.ts";
import type { MemberStep } from "./read-group.ts";

/** So many people one event names; more of them are several events. */
const PEOPLE_IN_EVENT = 500;
const MOST_NOTICES = 20;

export interface ChangedGroup {
  id: string;
  name: string;
  displayName: string | null;
  scimExternalId: string | null;
  issuer: string | null;
}

/**
 * Changes who is in a group, within the caller's transaction, with events that name everybody who joined or left.
 * @returns whether anybody did.
 * @throws ScimError `invalidValue` for who is nobody of the group's identity provider.
 */
export async function changeMembers(
  tx: Transaction,
  ctx: Context,
  { group, steps }: { group: ChangedGroup; steps: readonly MemberStep[] },
): Promise<boolean> {
  const before = await tx.groupMember.findMany({ where: { groupId: group.id }, select: { userId: true } });
  const members = new Set(before.map(({ userId }) => userId));
  const had = new Set(members);
  for (const step of steps) apply(members, step);
  const joined = [...members].filter((id) => !had.has(id));
  const left = [...had].filter((id) => !members.has(id));
  if (joined.length === 0 && left.length === 0) return false;
  await requireTheirs(tx, group, joined);
  await tx.$executeRaw`
    insert into group_members (group_id, user_id) select ${group.id}::uuid, unnest(${joined}::uuid[]) on conflict do nothing`;
  await tx.$executeRaw`delete from group_members where group_id = ${group.id}::uuid and user_id = any(${left}::uuid[])`;
  if (left.length > 0) await announceRevocation(tx, { kind: "group", id: group.id });
  await announceJoined(tx, { groupId: group.id, joined });
  await lowerConsoleRoles(tx, ctx, { group, left });
  await recordMembers(tx, ctx, { group, joined, left, count: members.size });
  return true;
}

/** Of many people at once there is one notice: each is read by every process. */
async function announceJoined(
  tx: Transaction,
  { groupId, joined }: { groupId: string; joined: readonly string[] },
): Promise<void> {
  if (joined.length > MOST_NOTICES) await announceIdentityChange(tx, { kind: "group", id: groupId });
  else for (const id of joined) await announceIdentityChange(tx, { kind: "user", id });
}

function apply(members: Set<string>, { kind, ids }: MemberStep): void {
  if (kind === "set" || ids === null) members.clear();
  for (const id of ids ?? []) {
    if (kind === "remove") members.delete(id);
    else members.add(id);
  }
}

async function requireTheirs(
  tx: Transaction,
  { issuer }: ChangedGroup,
  ids: readonly string[],
): Promise<void> {
  const known = await tx.$queryRaw<{ id: string }[]>`
    select id from users where id = any(${[...ids]}::uuid[]) and issuer = ${issuer} and scim_deleted_at is null`;
  const found = new Set(known.map(({ id }) => id));
  const missing = ids.find((id) => !found.has(id));
  if (missing === undefined) return;
  throw invalidValue(
    `members.value: got "${missing}"; takes the id of a User of this token's identity provider`,
  );
}

interface Recorded {
  group: ChangedGroup;
  joined: readonly string[];
  left: readonly string[];
  count: number;
}

async function recordMembers(
  tx: Transaction,
  ctx: Context,
  { group, joined, left, count }: Recorded,
): Promise<void> {
  const people = await tx.user.findMany({
    where: { id: { in: [...joined, ...left] } },
    select: { id: true, email: true, name: true },
  });
  const names = new Map(people.map(({ id, email, name }) => [id, email ?? name ?? id]));
  const pieces = [...chunks(joined, "joined"), ...chunks(left, "left")];
  for (const { kind, ids } of pieces) {
    const who = ids.map((id) => ({ person: names.get(id) ?? id, personId: id }));
    const isOver = kind === "left";
    await recordEvent(tx, ctx, {
      action: "Update",
      entityType: "Group",
      entityId: group.id,
      entityName: group.displayName ?? group.name,
      before: isOver ? { left: who } : null,
      after: isOver ? { members: count } : { members: count, joined: who },
    });
  }
}

function* chunks(ids: readonly string[], kind: "joined" | "left") {
  for (let from = 0; from < ids.length; from += PEOPLE_IN_EVENT) {
    yield { kind, ids: ids.slice(from, from + PEOPLE_IN_EVENT) };
  }
}
