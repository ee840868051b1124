import { recordEventAlone } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { TokenRequestError } from "../application-tokens/token-request.ts";
import { writeRevocation } from "../tokens/changes.ts";
import { findPresentedToken, isOwn } from "./find-presented-token.ts";

/**
 * Revokes a token that its owner presents (RFC 7009), and what was made with it. One that is unknown or has ended is no error (section 2.2).
 * @throws TokenRequestError `unauthorized_client` for somebody else's (section 2.1).
 */
export async function revokePresentedToken({
  ctx,
  input,
}: {
  ctx: Context;
  input: { token: string };
}): Promise<void> {
  const foreign = await inTransaction(database(), async (tx) => {
    const row = await findPresentedToken(tx, input.token);
    if (row === null) return null;
    if (!isOwn(ctx, row)) return row;
    await writeRevocation(tx, ctx, row);
    return null;
  });
  if (foreign === null) return;
  const refused = new TokenRequestError("unauthorized_client", "The token is somebody else's.");
  await recordEventAlone(ctx, {
    action: "Delete",
    operation: "Revoke",
    entityType: "ApiKey",
    entityId: foreign.id,
    entityName: foreign.name,
    status: "Failed",
    error: refused.message,
  });
  throw refused;
}
