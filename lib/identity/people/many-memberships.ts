import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import type { PersonRow } from "./data.ts";

export interface ManyChanges {
  person: PersonRow;
  /** Names of groups of the person's provider. */
  joined: readonly string[];
  left: readonly string[];
  /** Groups of another provider, which are left, too. */
  former: readonly { id: string; name: string }[];
}

/**
 * Changes many memberships at once, within the caller's transaction: a statement for all of a kind, and one event of the person that names what
 * was joined and left, and which groups are new.
 */
export async function changeMany(
  tx: Transaction,
  ctx: Context,
  { person, joined, left, former }: ManyChanges,
): Promise<void> {
  const { id: userId, issuer, email } = person;
  if (issuer === null) throw new Error(`the person ${userId} belongs to no identity provider`);
  const created = await tx.$queryRaw<{ name: string }[]>`
    insert into groups (name, issuer, source) select unnest(${[...joined]}::text[]), ${issuer}, 'claim'
    on conflict (issuer, name) do nothing returning name`;
  await tx.$executeRaw`
    insert into group_members (group_id, user_id)
    select id, ${userId}::uuid from groups where issuer = ${issuer} and name = any(${[...joined]}::text[])
    on conflict do nothing`;
  await tx.$executeRaw`
    delete from group_members where user_id = ${userId}::uuid and (
      group_id in (select id from groups where issuer = ${issuer} and name = any(${[...left]}::text[]))
      or group_id = any(${former.map(({ id }) => id)}::uuid[]))`;
  await recordEvent(tx, ctx, {
    action: "Update",
    entityType: "User",
    entityId: userId,
    entityName: email,
    before: { groups: person.memberships.length },
    after: {
      groups: person.memberships.length + joined.length - left.length - former.length,
      joined,
      left: [...left, ...former.map(({ name }) => name)],
      created: created.map(({ name }) => name).sort(),
    },
  });
}
