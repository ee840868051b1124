import type { Application } from "../../../prisma/generated/client.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { consoleRoleOf } from "../actor/actor-row.ts";
import type { ApplicationToken, TokenGrant } from "../applications/schema.ts";
import { holdToken, type Maker } from "../credential-chain/chain.ts";
import { recordFailedAuthentication, requireAttemptsLeft } from "../failed-authentication/record.ts";
import { createCredential, hashCredential, hashesMatch, isWellFormed } from "../tokens/format.ts";

const LIFETIME_MS = 3_600_000;
const NOBODY: Maker = { ancestors: [], sessionId: null, expiresAt: null, secondFactorAt: null };
const REFUSED =
  "The application's id or secret is not right, has ended, or the application is disabled. An administrator can rotate the secret.";
/** As events tell it. */
const ENDED =
  "its secret has ended, or the token that it was made with, or the identity provider of that token's person is not configured any more";

/**
 * Gives an application a bearer token for its id and secret (RFC 6749, section 4.4 in the product's own form). Right or wrong, the
 * attempt is an event.
 * @throws AppError `unauthenticated`, alike for an unknown id, a wrong secret and a disabled application; `resource_exhausted` for an
 * address that failed too often.
 */
export async function issueApplicationToken({
  ctx,
  input,
}: {
  ctx: Context;
  input: TokenGrant;
}): Promise<ApplicationToken> {
  requireAttemptsLeft(ctx);
  const { id, secret } = credentialsOf(input);
  const row = await findApplication(id);
  const right = row !== null && hashesMatch(row.secretHash, hashCredential(secret));
  if (!right || !row.enabled || !isWellFormed("applicationSecret", secret)) {
    await recordFailure(ctx, {
      id,
      row,
      reason: right ? "the application is disabled" : "unknown id or wrong secret",
    });
    throw new AppError("unauthenticated", REFUSED);
  }
  try {
    return await issue(ctx, row);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "unauthenticated") throw error;
    await recordFailure(ctx, { id, row, reason: ENDED });
    throw new AppError("unauthenticated", REFUSED);
  }
}

function credentialsOf(grant: TokenGrant): { id: string; secret: string } {
  return grant.grantType === "app_token"
    ? { id: grant.AppId, secret: grant.AppSecret }
    : { id: grant.clientId, secret: grant.clientSecret };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function findApplication(id: string): Promise<Application | null> {
  return UUID.test(id) ? database().application.findUnique({ where: { id } }) : null;
}

/** What is no id may be the secret, put into the wrong field. */
const shownId = (id: string) =>
  UUID.test(id) ? id : `${id.length} characters that are no id of an application`;

interface Failure {
  id: string;
  row: Application | null;
  reason: string;
}

async function recordFailure(ctx: Context, { id, row, reason }: Failure): Promise<void> {
  const name = row?.name ?? shownId(id);
  const claimed = { ...ctx, actor: { kind: "anonymous" as const, claimed: name } };
  const named = { entityId: row?.id ?? null, entityName: name };
  await recordFailedAuthentication(claimed, { error: reason, ...named });
}

async function issue(ctx: Context, row: Application): Promise<ApplicationToken> {
  const token = createCredential("token");
  const actor = {
    kind: "application" as const,
    id: row.id,
    name: row.name,
    consoleRole: consoleRoleOf(row.consoleRole),
  };
  return inTransaction(database(), async (tx) => {
    await holdSecret(tx, row);
    const maker = row.secretTokenId === null ? NOBODY : await holdToken(tx, row.secretTokenId);
    const now = Date.now();
    const expiresAt = new Date(
      Math.min(
        now + Math.min(LIFETIME_MS, config().tokens.lifetimeMs),
        maker.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
      ),
    );
    const { ancestors, sessionId } = maker;
    const issued = await tx.accessToken.create({
      data: {
        applicationId: row.id,
        name: "API",
        tokenHash: hashCredential(token),
        expiresAt,
        ancestors,
        sessionId: sessionId ?? row.secretSessionId,
      },
    });
    await tx.application.update({ where: { id: row.id }, data: { lastUsedAt: new Date() } });
    await recordEvent(
      tx,
      { ...ctx, actor },
      {
        action: "Login",
        entityType: "Login",
        entityId: row.id,
        entityName: row.name,
        after: { tokenId: issued.id, expiresAt: expiresAt.toISOString() },
      },
    );
    const expiresIn = Math.floor((expiresAt.getTime() - now) / 1_000);
    return { accessToken: token, tokenType: "Bearer", expiresIn };
  });
}

/** Whoever rotates the secret or disables the application comes before the token, or finds it. */
async function holdSecret(tx: Transaction, { id, secretHash }: Application): Promise<void> {
  const held = await tx.$queryRaw<unknown[]>`
    select 1 from applications where id = ${id}::uuid and enabled and secret_hash = ${secretHash} for update`;
  if (held.length === 0) throw new AppError("unauthenticated", REFUSED);
}
