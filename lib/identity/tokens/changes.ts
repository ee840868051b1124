import type { AccessToken } from "../../../prisma/generated/client.ts";
import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { revokeTokens } from "../credential-chain/chain.ts";
import { viewToken } from "./data.ts";

/** Revokes a token and what was made with it, with the event. One that was revoked already stays as it is. */
export async function writeRevocation(tx: Transaction, ctx: Context, row: AccessToken): Promise<void> {
  if (row.revokedAt) return;
  const ended = await revokeTokens(tx, { id: row.id });
  if (ended === 0) return;
  const revoked = await tx.accessToken.findUniqueOrThrow({ where: { id: row.id } });
  await recordEvent(tx, ctx, {
    action: "Delete",
    operation: "Revoke",
    entityType: "ApiKey",
    entityId: row.id,
    entityName: row.name,
    before: viewToken(row),
    after: { ...viewToken(revoked), endedWithIt: ended - 1 },
  });
}
