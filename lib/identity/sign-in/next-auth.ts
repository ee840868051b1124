import { NextRequest } from "next/server.js";
import nextAuth, { type AuthOptions } from "next-auth";
import { exportToNextAuth } from "../../config/environment.ts";
import { config } from "../../config.ts";

// A CommonJS package: under plain Node the default import is its exports object.
const NextAuth = (nextAuth as unknown as { default?: typeof nextAuth }).default ?? nextAuth;

/** next-auth's path, without /api/auth/: what is asked, and of which provider. */
type Segments = [action: string, provider?: string];

/** The cookie where next-auth keeps the page to return to, which is kept on the server (return-path.ts). */
const CALLBACK_URL_COOKIE = /^(__Secure-)?next-auth\.callback-url=/;

/**
 * Calls next-auth's route handler, as its documentation has it for options that are made anew for each request
 * (https://next-auth.js.org/configuration/initialization#advanced-initialization). Headers and cookies it takes from Next's own scope of
 * the request.
 */
export async function askNextAuth(
  request: NextRequest,
  segments: Segments,
  options: AuthOptions,
): Promise<{ location: string | null; cookies: string[]; response: Response }> {
  exportToNextAuth(config());
  const nextauth = segments.filter((segment) => segment !== undefined);
  const response: Response = await NextAuth(request, { params: { nextauth } }, options);
  const cookies = response.headers.getSetCookie().filter((line) => !CALLBACK_URL_COOKIE.test(line));
  return { location: response.headers.get("location"), cookies, response };
}

/** A form as next-auth takes one: nothing of the query, which it would hand on to the identity provider. */
export function formRequest(request: NextRequest, form: Record<string, string>): NextRequest {
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  headers.set("content-type", "application/x-www-form-urlencoded");
  const { origin, pathname } = new URL(request.url);
  return new NextRequest(origin + pathname, { method: "POST", headers, body: new URLSearchParams(form) });
}
