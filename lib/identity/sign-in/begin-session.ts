import { randomBytes } from "node:crypto";
import { stringifySetCookie } from "cookie";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { createSession, type NewSession } from "../sessions/mutations.ts";
import { sessionCookieName, sessionLifetimeSeconds } from "../sessions/token.ts";

/** `replaces`: the session that the browser had before (readSessionCookie), which ends. */
export type BeginSessionInput = Omit<NewSession, "sessionToken" | "expires">;

/**
 * Signs in somebody who proved who they are without next-auth: the session and its Login event are stored.
 * @returns the `Set-Cookie` line that the answer has to carry.
 * @throws AppError `unauthenticated` for a person who is disabled.
 */
export async function beginSession({
  ctx,
  input,
}: {
  ctx: Context;
  input: BeginSessionInput;
}): Promise<{ cookie: string }> {
  const sessionToken = newSessionToken();
  const expires = new Date(Date.now() + sessionLifetimeSeconds() * 1_000);
  await createSession({ ctx, input: { ...input, sessionToken, expires } });
  return { cookie: sessionCookie(sessionToken, expires) };
}

/** The value of a new session's cookie: 256 random bits. */
export const newSessionToken = () => randomBytes(32).toString("base64url");

/** How browsers keep the session's cookie. */
export function sessionCookieOptions(publicUrl: string) {
  return { httpOnly: true, sameSite: "lax" as const, path: "/", secure: publicUrl.startsWith("https://") };
}

function sessionCookie(value: string, expires: Date): string {
  const { publicUrl } = config();
  return stringifySetCookie({
    name: sessionCookieName(publicUrl),
    value,
    ...sessionCookieOptions(publicUrl),
    expires,
  });
}
