import type { Context } from "../../context.ts";
import { consoleRoleOf } from "../actor/actor-row.ts";
import { authenticateApplication } from "../application-tokens/authenticate-application.ts";
import { clientCredentials, readParameters, TokenRequestError } from "../application-tokens/token-request.ts";
import { contextFromBearer } from "../request-context.ts";

/** A token that somebody presents to have it revoked (RFC 7009, section 2.1) or told of (RFC 7662, section 2.1), and who that is. */
export interface TokenQuestion {
  ctx: Context;
  token: string;
}

/**
 * Reads such a request. Who asks is an application by its id and secret, or whoever holds a bearer token; a session's cookie says nothing here.
 * @throws TokenRequestError; AppError `unauthenticated`, `resource_exhausted`.
 */
export async function readTokenQuestion(
  anonymous: Context,
  { authorization, form }: { authorization: string | null; form: string },
): Promise<TokenQuestion> {
  const parameters = readParameters(form);
  const token = requireToken(parameters);
  const ctx =
    authorization !== null && /^bearer\b/i.test(authorization)
      ? await contextFromBearer(authorization, anonymous)
      : await contextOfApplication(anonymous, clientCredentials({ authorization, parameters }));
  return { ctx, token };
}

/** @throws TokenRequestError `invalid_request` */
export function requireToken(parameters: ReadonlyMap<string, string>): string {
  const token = parameters.get("token");
  if (token === undefined) throw new TokenRequestError("invalid_request", "token is missing");
  return token;
}

async function contextOfApplication(
  anonymous: Context,
  credentials: { clientId: string; clientSecret: string },
): Promise<Context> {
  const { row } = await authenticateApplication(anonymous, credentials);
  const { id, name } = row;
  return {
    ...anonymous,
    actor: { kind: "application", id, name, consoleRole: consoleRoleOf(row.consoleRole) },
  };
}
