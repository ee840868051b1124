import { randomBytes } from "node:crypto";
import { stringifySetCookie } from "cookie";
import { config } from "../../../config.ts";
import type { Context } from "../../../context.ts";
import { readSessionCookie } from "../../request-context.ts";
import { createSession } from "../../sessions/mutations.ts";
import { sessionCookieName, sessionLifetimeSeconds } from "../../sessions/token.ts";
import { LOCAL_PROVIDER_ID } from "../data.ts";
import type { LocalIdentity } from "./mutations.ts";

/**
 * Begins a console session of who proved who they are: always a new one, whatever cookie the browser brought, whose session ends.
 * @returns the `Set-Cookie` line.
 */
export async function beginLocalSession(
  request: Request,
  ctx: Context,
  { userId, secondFactorAt }: LocalIdentity,
): Promise<string> {
  const { publicUrl } = config();
  const sessionToken = randomBytes(32).toString("base64url");
  const expires = new Date(Date.now() + sessionLifetimeSeconds() * 1_000);
  const replaces = readSessionCookie(request.headers);
  const provider = LOCAL_PROVIDER_ID;
  await createSession({ ctx, input: { userId, provider, sessionToken, expires, secondFactorAt, replaces } });
  return stringifySetCookie({
    name: sessionCookieName(publicUrl),
    value: sessionToken,
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: publicUrl.startsWith("https://"),
    expires,
  });
}
