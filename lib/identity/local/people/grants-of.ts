import { announceAccessChange } from "../../../access/table/announce.ts";
import { recordEvent } from "../../../audit/events/record.ts";
import type { Context } from "../../../context.ts";
import type { Transaction } from "../../../db/client.ts";

/** Takes back the grants of a person who is removed, within the caller's transaction, with an event for each. */
export async function revokeGrantsOf(
  tx: Transaction,
  ctx: Context,
  { id: subjectId, email }: { id: string; email: string | null },
): Promise<void> {
  const of = { subjectKind: "user", subjectId, revokedAt: null };
  const grants = await tx.grant.findMany({ where: of, include: { role: true } });
  for (const { id, role, clusterId, namespaces } of grants) {
    await tx.grant.update({ where: { id }, data: { revokedAt: new Date() } });
    await recordEvent(tx, ctx, {
      action: "Delete",
      operation: "Revoke",
      entityType: "AccessGrant",
      entityId: id,
      entityName: `${role.name} to user ${email}`,
      before: { id, role: role.name, subjectId, clusterId, namespaces },
    });
  }
  if (grants.length > 0) await announceAccessChange(tx);
}
