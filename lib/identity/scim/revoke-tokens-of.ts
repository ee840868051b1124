import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";

/** Revokes the SCIM tokens that were made in a session which is not to be trusted, with an event for each. */
export async function revokeScimTokensOf(
  tx: Transaction,
  ctx: Context,
  { sessionId }: { sessionId: string },
): Promise<void> {
  const revoked = await tx.scimToken.updateManyAndReturn({
    where: { sessionId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  for (const { id, name } of revoked) {
    await recordEvent(tx, ctx, {
      action: "Delete",
      operation: "Revoke",
      entityType: "ApiKey",
      entityId: id,
      entityName: `SCIM token ${name}`,
      after: { reason: "it was made in a session that was revoked" },
    });
  }
}
