import { keepScopes, readScopes } from "../../access/key-scopes/kept-scopes.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { consoleRoleOf } from "../actor/actor-row.ts";
import type { ApplicationToken, TokenGrant } from "../applications/schema.ts";
import { commonBounds } from "../credential-chain/bounds.ts";
import { holdToken, UNBOUNDED } from "../credential-chain/chain.ts";
import { createCredential, hashCredential } from "../tokens/format.ts";
import {
  type AuthenticatedApplication,
  authenticateApplication,
  holdSecret,
  refuse,
} from "./authenticate-application.ts";
import { takeTokenRequest } from "./request-rate.ts";
import { requestedScopes } from "./requested-scopes.ts";

const LIFETIME_MS = 3_600_000;
/** As events tell it. */
const ENDED =
  "its secret has ended, or the token that it was made with, or the identity provider of that token's person is not configured any more";

/**
 * Gives an application a bearer token for its id and secret (RFC 6749, section 4.4 in the product's own form). Right or wrong, the
 * attempt is an event.
 * @throws AppError `unauthenticated`, alike for an unknown id, a wrong secret and a disabled application; `resource_exhausted` for an
 * address that failed too often, or an application that asks too often. TokenRequestError `invalid_scope`.
 */
export async function issueApplicationToken({
  ctx,
  input,
}: {
  ctx: Context;
  input: TokenGrant;
}): Promise<ApplicationToken> {
  const credentials = credentialsOf(input);
  const application = await authenticateApplication(ctx, credentials);
  takeTokenRequest(application.row.id);
  try {
    return await issue(ctx, application, input.scope);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "unauthenticated") throw error;
    return refuse(ctx, { clientId: credentials.clientId, row: application.row, reason: ENDED });
  }
}

function credentialsOf(grant: TokenGrant): { clientId: string; clientSecret: string } {
  return grant.grantType === "app_token" ? { clientId: grant.AppId, clientSecret: grant.AppSecret } : grant;
}

async function issue(
  ctx: Context,
  application: AuthenticatedApplication,
  scope: string | undefined,
): Promise<ApplicationToken> {
  const { row, secret } = application;
  const token = createCredential("token");
  return inTransaction(database(), async (tx) => {
    await holdSecret(tx, application);
    const maker = secret.tokenId === null ? UNBOUNDED : await holdToken(tx, secret.tokenId);
    const own = { scopes: readScopes(row.scopes), networks: row.networks };
    const { scopes: most, networks } = commonBounds(own, maker);
    const scopes = requestedScopes(scope, most);
    const now = Date.now();
    const expiresAt = expiryOf(now, [maker.expiresAt, secret.endsAt]);
    const issued = await tx.accessToken.create({
      data: {
        applicationId: row.id,
        name: "API",
        tokenHash: hashCredential(token),
        expiresAt,
        secretId: secret.id,
        scopes: keepScopes(scopes),
        networks: [...networks],
        ancestors: maker.ancestors,
        sessionId: maker.sessionId ?? secret.sessionId,
      },
    });
    const used = { lastUsedAt: new Date(), lastUsedFrom: ctx.sourceIp };
    await tx.application.update({ where: { id: row.id }, data: used });
    await recordEvent(tx, actingAs(ctx, application), {
      action: "Login",
      entityType: "Login",
      entityId: row.id,
      entityName: row.name,
      after: { tokenId: issued.id, expiresAt: expiresAt.toISOString(), scopes },
    });
    const expiresIn = Math.floor((expiresAt.getTime() - now) / 1_000);
    const answer = { accessToken: token, tokenType: "Bearer" as const, expiresIn };
    return scopes === null ? answer : { ...answer, scope: scopes.join(" ") };
  });
}

function actingAs(ctx: Context, { row }: AuthenticatedApplication): Context {
  const { id, name } = row;
  return {
    ...ctx,
    actor: { kind: "application", id, name, consoleRole: consoleRoleOf(row.consoleRole) },
  };
}

/** No longer than what it is bought with. */
function expiryOf(now: number, ends: readonly (Date | null)[]): Date {
  const longest = now + Math.min(LIFETIME_MS, config().tokens.lifetimeMs);
  return new Date(Math.min(longest, ...ends.map((date) => date?.getTime() ?? Number.POSITIVE_INFINITY)));
}
