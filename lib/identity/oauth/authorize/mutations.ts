import { keepScopes } from "../../../access/key-scopes/kept-scopes.ts";
import { recordEvent } from "../../../audit/events/record.ts";
import { config } from "../../../config.ts";
import type { Context } from "../../../context.ts";
import { inTransaction } from "../../../db/client.ts";
import { database } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { TokenRequestError } from "../../application-tokens/token-request.ts";
import { createCredential, hashCredential } from "../../tokens/format.ts";
import { holdApprover } from "../client/approver.ts";
import { readRequested } from "../client/requested.ts";
import { COMMAND_LINE_CLIENT } from "../client/schema.ts";
import type { AnswerAuthorization, AuthorizationAnswer, AuthorizationRequest } from "./schema.ts";

/** RFC 6749, section 4.1.2 recommends ten minutes at most; a browser needs a moment. */
const CODE_COUNTS_MS = 60_000;
/** So many codes of one person may wait. */
const MOST_CODES = 20;

/**
 * Answers the command line that waits at a loopback address, for the person at the browser: a code that counts once, or a refusal.
 * @returns where the browser goes (RFC 6749, section 4.1.2; RFC 9207).
 * @throws AppError `permission_denied` for who did not come with a console session, `invalid_argument`.
 */
export async function answerAuthorization({
  ctx,
  input: { request, answer },
}: {
  ctx: Context;
  input: AnswerAuthorization;
}): Promise<AuthorizationAnswer> {
  const { scopes, name } = readOrRefuse(request);
  const code = createCredential("authorizationCode");
  await inTransaction(database(), async (tx) => {
    const approver = await holdApprover(tx, ctx);
    const { userId } = approver;
    if (answer === "approve") {
      await tx.authorizationCode.deleteMany({
        where: { expiresAt: { lt: new Date(Date.now() - 3_600_000) } },
      });
      const waiting = { userId, usedAt: null, expiresAt: { gt: new Date() } };
      if ((await tx.authorizationCode.count({ where: waiting })) >= MOST_CODES)
        throw new AppError(
          "resource_exhausted",
          "Too many logins of yours wait to begin. Try again in a minute.",
          {
            retryAfterSeconds: CODE_COUNTS_MS / 1_000,
          },
        );
      await tx.authorizationCode.create({
        data: {
          ...approver,
          codeHash: hashCredential(code),
          scopes: keepScopes(scopes),
          name,
          redirectUri: request.redirect_uri,
          codeChallenge: request.code_challenge,
          expiresAt: new Date(Date.now() + CODE_COUNTS_MS),
        },
      });
    }
    await recordEvent(tx, ctx, {
      action: "Create",
      operation: answer === "approve" ? "Approve" : "Refuse",
      entityType: "Login",
      entityId: userId,
      entityName: ctx.actor.kind === "user" ? ctx.actor.email : null,
      after: { client: COMMAND_LINE_CLIENT, flow: "code", name, redirectUri: request.redirect_uri, scopes },
    });
  });
  return { redirectTo: redirectOf(request, answer === "approve" ? { code } : { error: "access_denied" }) };
}

function readOrRefuse({ scope, device_name: deviceName }: AuthorizationRequest) {
  try {
    return readRequested({ scope, deviceName });
  } catch (error) {
    if (!(error instanceof TokenRequestError)) throw error;
    throw new AppError("invalid_argument", error.message, { details: [{ field: "request.scope" }] });
  }
}

function redirectOf({ redirect_uri, state }: AuthorizationRequest, answer: Record<string, string>): string {
  const query = new URLSearchParams({
    ...answer,
    ...(state !== undefined && { state }),
    iss: config().publicUrl,
  });
  return `${redirect_uri}?${query}`;
}
