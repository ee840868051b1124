import { recordEventAlone } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { TokenRequestError } from "../application-tokens/token-request.ts";
import { writeLoginEnd } from "../logins/write-end.ts";
import { actingAs, WITH_GROUPS } from "../people/data.ts";
import { writeRevocation } from "../tokens/changes.ts";
import { findPresentedToken, isOwn } from "./find-presented-token.ts";
import { familyHashOf } from "./grants/refresh-token.ts";

/**
 * Ends what the command line presents (RFC 7009): by a refresh token its login, by an access token that. Whoever has it may: it is all that would be needed to use it.
 * One that is unknown or has ended is no error (section 2.2).
 * @throws TokenRequestError `unauthorized_client` for a token that is no login's.
 */
export async function revokeLoginToken({
  ctx,
  input: { token },
}: {
  ctx: Context;
  input: { token: string };
}): Promise<void> {
  await inTransaction(database(), async (tx) => {
    const familyHash = familyHashOf(token);
    const login = familyHash && (await tx.commandLineLogin.findUnique({ where: { familyHash } }));
    if (login) return void (await writeLoginEnd(tx, await inNameOf(tx, ctx, login.userId), { login }));
    const row = await findPresentedToken(tx, token);
    if (row === null) return;
    if (row.loginId === null || row.userId === null)
      throw new TokenRequestError("unauthorized_client", "The token is none of the command line.");
    await writeRevocation(tx, await inNameOf(tx, ctx, row.userId), row);
  });
}

async function inNameOf(tx: Transaction, ctx: Context, userId: string): Promise<Context> {
  return actingAs(ctx, await tx.user.findUniqueOrThrow({ where: { id: userId }, include: WITH_GROUPS }));
}

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
