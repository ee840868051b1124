import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";

/**
 * Revokes what is granted to a person or a group that is no more, with an event for each; whoever takes over the name takes over no access.
 * @returns whether there was something; then the caller announces that access changed.
 */
export async function revokeGrantsOf(
  tx: Transaction,
  ctx: Context,
  { kind, id }: { kind: "user" | "group"; id: string },
): Promise<boolean> {
  const revoked = await tx.grant.updateManyAndReturn({
    where: { subjectKind: kind, subjectId: id, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  for (const grant of revoked) {
    const { roleId, subjectKind, subjectId, clusterId, namespaces } = grant;
    await recordEvent(tx, ctx, {
      action: "Delete",
      operation: "Revoke",
      entityType: "AccessGrant",
      entityId: grant.id,
      before: { id: grant.id, roleId, subjectKind, subjectId, clusterId, namespaces },
      after: { reason: `SCIM deleted the ${kind}` },
    });
  }
  return revoked.length > 0;
}
