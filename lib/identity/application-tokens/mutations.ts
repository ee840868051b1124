import type { Application } from "../../../prisma/generated/client.ts";
import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { consoleRoleOf } from "../actor-row.ts";
import type { ApplicationToken, TokenGrant } from "../applications/schema.ts";
import { recordFailedAuthentication, requireAttemptsLeft } from "../failed-authentication/record.ts";
import { createCredential, hashCredential, hashesMatch, isWellFormed } from "../tokens/format.ts";

const LIFETIME_SECONDS = 3_600;

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
    throw new AppError(
      "unauthenticated",
      "The application's id or secret is not right, or the application is disabled. An administrator can rotate the secret.",
    );
  }
  return issue(ctx, row);
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

interface Failure {
  id: string;
  row: Application | null;
  reason: string;
}

async function recordFailure(ctx: Context, { id, row, reason }: Failure): Promise<void> {
  const claimed = { ...ctx, actor: { kind: "anonymous" as const, claimed: row?.name ?? id } };
  const named = { entityId: row?.id ?? null, entityName: row?.name ?? id };
  await recordFailedAuthentication(claimed, { error: reason, ...named });
}

async function issue(ctx: Context, row: Application): Promise<ApplicationToken> {
  const token = createCredential("token");
  const expiresAt = new Date(Date.now() + LIFETIME_SECONDS * 1_000);
  const actor = {
    ...{ kind: "application" as const, id: row.id, name: row.name },
    consoleRole: consoleRoleOf(row.consoleRole),
  };
  await inTransaction(database(), async (tx) => {
    const issued = await tx.accessToken.create({
      data: { applicationId: row.id, name: "API", tokenHash: hashCredential(token), expiresAt },
    });
    await tx.application.update({ where: { id: row.id }, data: { lastUsedAt: new Date() } });
    await recordEvent(
      tx,
      { ...ctx, actor },
      {
        ...{ action: "Login", entityType: "Login", entityId: row.id, entityName: row.name },
        after: { tokenId: issued.id, expiresAt: expiresAt.toISOString() },
      },
    );
  });
  return { accessToken: token, tokenType: "Bearer", expiresIn: LIFETIME_SECONDS };
}
