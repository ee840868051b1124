import type { Context } from "../../../../lib/context.ts";
import { type ErrorAnswer, toErrorAnswer } from "../../../../lib/http/error-answer.ts";
import { issueApplicationToken } from "../../../../lib/identity/application-tokens/mutations.ts";
import {
  readParameters,
  readTokenRequest,
  type TokenErrorCode,
  TokenRequestError,
} from "../../../../lib/identity/application-tokens/token-request.ts";
import type { ApplicationToken } from "../../../../lib/identity/applications/schema.ts";
import { redeemGrant } from "../../../../lib/identity/oauth/grants/mutations.ts";
import { readCommandLineGrant } from "../../../../lib/identity/oauth/grants/read-grant.ts";
import { anonymousContext } from "../../../../lib/identity/request-context.ts";
import { log } from "../../../../lib/log.ts";
import { readText } from "../../handle.ts";
import { takeRequestPlace } from "../../request-places.ts";

const NO_STORE = { "Cache-Control": "no-store", Pragma: "no-cache" };

/** Who asks is not known yet: `authorization` and the form say it. */
export interface OAuthRequest {
  ctx: Context;
  authorization: string | null;
  form: string;
}

/** Answers a form as the RFCs of OAuth have it: what is refused in the words of RFC 6749, section 5.2, and nothing is kept in a cache. */
export async function answerOAuth(
  request: Request,
  run: (asked: OAuthRequest) => Promise<object>,
): Promise<Response> {
  const ctx = anonymousContext(request.headers);
  const authorization = request.headers.get("authorization");
  const headers = { ...NO_STORE, "X-Request-Id": ctx.requestId };
  let leave = () => {};
  try {
    leave = await takeRequestPlace(ctx, request.signal);
    return Response.json(await run({ ctx, authorization, form: await readText(request) }), { headers });
  } catch (error) {
    if (error instanceof TokenRequestError) {
      return refuse(error.code === "invalid_client" ? 401 : 400, headers, error.code, error.message);
    }
    const answer = toErrorAnswer(error);
    if (answer.status >= 500) log.error({ err: error, requestId: ctx.requestId }, "request failed");
    return refuse(answer.status, { ...answer.headers, ...headers }, codeOf(answer), answer.body.message);
  } finally {
    leave();
  }
}

/** The token endpoint of RFC 6749: for applications section 4.4, for the command line what `grant_type` names. */
export const answerTokenRequest = (request: Request): Promise<Response> =>
  answerOAuth(request, async ({ ctx, ...asked }) => {
    const grant = readCommandLineGrant(asked.authorization, readParameters(asked.form));
    if (grant !== null) return redeemGrant({ ctx, input: grant });
    return oauthToken(await issueApplicationToken({ ctx, input: readTokenRequest(asked) }));
  });

/** The names of section 5.1. */
export function oauthToken({ accessToken, tokenType, expiresIn, scope }: ApplicationToken) {
  const answer = { access_token: accessToken, token_type: tokenType, expires_in: expiresIn };
  return scope === undefined ? answer : { ...answer, scope };
}

function refuse(
  status: number,
  headers: Record<string, string>,
  error: TokenErrorCode,
  description: string,
): Response {
  // A client that failed to authenticate is told how it can (section 5.2, RFC 7617).
  const challenge: Record<string, string> =
    status === 401 ? { "WWW-Authenticate": 'Basic realm="Kubewitness", charset="UTF-8"' } : {};
  // The characters that section 5.2 permits.
  const error_description = description.replaceAll('"', "'").replaceAll(/[^\x20-\x7e]/g, "?");
  return Response.json({ error, error_description }, { status, headers: { ...headers, ...challenge } });
}

function codeOf({ status }: ErrorAnswer): TokenErrorCode {
  if (status === 401) return "invalid_client";
  if (status === 429 || status === 503) return "temporarily_unavailable";
  return status >= 500 ? "server_error" : "invalid_request";
}
