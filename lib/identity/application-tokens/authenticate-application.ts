import type { Application } from "../../../prisma/generated/client.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { addressMatcher } from "../../http/networks.ts";
import { isUuid } from "../../names/uuid.ts";
import { isPreviousCounting } from "../applications/data.ts";
import { recordFailedAuthentication, requireAttemptsLeft } from "../failed-authentication/record.ts";
import { hashCredential, hashesMatch, isWellFormed } from "../tokens/format.ts";

export const REFUSED =
  "The application's id or secret is not right, has ended, or the application is disabled. An administrator can rotate the secret.";

/** Which of an application's secrets somebody knows. */
export interface ProvenSecret {
  id: string;
  hash: Uint8Array<ArrayBuffer>;
  /** The token that it was made with, and the session. */
  tokenId: string | null;
  sessionId: string | null;
  /** Of the one before the present one: when it ends. */
  endsAt: Date | null;
}

export interface AuthenticatedApplication {
  row: Application;
  secret: ProvenSecret;
}

/**
 * Which application knows its secret: the present one, or the one before while that counts. A wrong one is an event.
 * @throws AppError `unauthenticated`, alike for an unknown id, a wrong secret, a disabled application and an address that is of none of its networks;
 * `resource_exhausted` for an address that failed too often.
 */
export async function authenticateApplication(
  ctx: Context,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
): Promise<AuthenticatedApplication> {
  requireAttemptsLeft(ctx);
  const row = await findApplication(clientId);
  const secret = row && secretOf(row, clientSecret);
  if (row === null || secret === null)
    return refuse(ctx, { clientId, row, reason: "unknown id or wrong secret" });
  if (!row.enabled) return refuse(ctx, { clientId, row, reason: "the application is disabled" });
  if (row.networks.length > 0 && (ctx.sourceIp === null || !addressMatcher(row.networks)(ctx.sourceIp)))
    return refuse(ctx, { clientId, row, reason: "the address is of none of the application's networks" });
  return { row, secret };
}

function secretOf(row: Application, text: string): ProvenSecret | null {
  if (!isWellFormed("applicationSecret", text)) return null;
  const hash = hashCredential(text);
  if (hashesMatch(row.secretHash, hash)) {
    const { secretId: id, secretTokenId: tokenId, secretSessionId: sessionId } = row;
    return { id, hash, tokenId, sessionId, endsAt: null };
  }
  if (!isPreviousCounting(row) || !hashesMatch(row.previousSecretHash, hash)) return null;
  return {
    id: row.previousSecretId ?? row.secretId,
    hash,
    tokenId: row.previousSecretTokenId,
    sessionId: row.previousSecretSessionId,
    endsAt: row.previousSecretEndsAt,
  };
}

async function findApplication(id: string): Promise<Application | null> {
  return isUuid(id) ? database().application.findUnique({ where: { id } }) : null;
}

/** What is no id may be the secret, put into the wrong field. */
const shownId = (id: string) =>
  isUuid(id) ? id : `${id.length} characters that are no id of an application`;

/** Records why, and says no more than that it is not right. */
export async function refuse(
  ctx: Context,
  { clientId, row, reason }: { clientId: string; row: Application | null; reason: string },
): Promise<never> {
  const name = row?.name ?? shownId(clientId);
  const claimed = { ...ctx, actor: { kind: "anonymous" as const, claimed: name } };
  const named = { entityId: row?.id ?? null, entityName: name };
  await recordFailedAuthentication(claimed, { error: reason, ...named });
  throw new AppError("unauthenticated", REFUSED);
}

/** Whoever rotates or ends the secret, or disables the application, comes before what is made with it, or finds it. */
export async function holdSecret(tx: Transaction, { row, secret }: AuthenticatedApplication): Promise<void> {
  const held = await tx.$queryRaw<unknown[]>`
    select 1 from applications where id = ${row.id}::uuid and enabled
      and (secret_hash = ${secret.hash} or (previous_secret_hash = ${secret.hash} and previous_secret_ends_at > now()))
    for update`;
  if (held.length === 0) throw new AppError("unauthenticated", REFUSED);
}
