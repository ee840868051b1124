import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";

/**
 * Makes the groups of the provider that is replaced the present one's, within the caller's transaction and with an event for each. Where
 * the present one has a group of that name already, grants go over to it.
 * @returns how many.
 */
export async function takeOverGroups(
  tx: Transaction,
  ctx: Context,
  { former, issuer }: { former: string; issuer: string },
): Promise<number> {
  const groups = await tx.group.findMany({ where: { issuer: former }, orderBy: { name: "asc" } });
  for (const group of groups) {
    const same = await tx.group.findUnique({ where: { issuer_name: { issuer, name: group.name } } });
    if (same === null) await tx.group.update({ where: { id: group.id }, data: { issuer } });
    else {
      const grants = { subjectKind: "group", subjectId: group.id };
      await tx.grant.updateMany({ where: grants, data: { subjectId: same.id } });
      await tx.group.delete({ where: { id: group.id } });
    }
    await recordEvent(tx, ctx, {
      action: "Update",
      entityType: "Group",
      entityId: group.id,
      entityName: group.name,
      before: { id: group.id, issuer: former },
      after: { id: same?.id ?? group.id, issuer },
    });
  }
  return groups.length;
}
