import nextAuth from "next-auth";
import { exportToNextAuth } from "../../config/environment.ts";
import { config } from "../../config.ts";
import { toErrorAnswer } from "../../error-answer.ts";
import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import { readRequestText } from "../../request-text.ts";
import { recordFailedAuthentication } from "../failed-authentication/record.ts";
import { anonymousContext, readSessionCookie } from "../request-context.ts";
import { sessionCookieName } from "../sessions/token.ts";
import { type Attempt, currentAttempt } from "./attempt.ts";
import { createAuthOptions } from "./options.ts";
import { AuthResponse } from "./response.ts";

// A CommonJS package: under plain Node the default import is its exports object.
const NextAuth = (nextAuth as unknown as { default?: typeof nextAuth }).default ?? nextAuth;

const PREFIX = "/api/auth/";
const MAX_BODY_BYTES = 16 * 1024;
const ACTIONS: ReadonlySet<string> = new Set([
  "providers",
  "csrf",
  "signin",
  "callback",
  "signout",
  "session",
  "error",
]);

/**
 * Answers everything under /api/auth/: next-auth's own paths. Signing in, failing to and signing out are events, with the client's
 * address and user agent.
 */
export async function handleSignInRequest(request: Request): Promise<Response> {
  const [action = "", provider] = pathSegments(request);
  try {
    if (!ACTIONS.has(action)) throw new AppError("not_found", "There is no such page.");
    const attempt: Attempt = {
      ctx: anonymousContext(request.headers),
      sessionToken: readSessionCookie(request.headers),
      claimed: null,
      failures: [],
    };
    const response = await currentAttempt.run(attempt, () => run(request, { action, provider }));
    if (action === "callback" && hasFailed(response)) await recordFailure(attempt, response);
    return response;
  } catch (error) {
    const { status, headers, body } = toErrorAnswer(error);
    if (status >= 500) log.error({ err: error }, "the sign-in service failed");
    if (action === "callback") return backToSignIn(body.code === "unavailable" ? "Unavailable" : "Callback");
    return Response.json(body, { status, headers });
  }
}

/** A person comes back from the identity provider by their browser: they are told on a page. */
function backToSignIn(error: "Unavailable" | "Callback"): Response {
  const location = new URL(`/signin?error=${error}`, config().publicUrl).href;
  return new Response(null, { status: 303, headers: { Location: location, "Cache-Control": "no-store" } });
}

interface Route {
  action: string;
  provider: string | undefined;
}

async function run(request: Request, { action, provider }: Route): Promise<Response> {
  exportToNextAuth(config());
  const response = new AuthResponse();
  const url = new URL(request.url);
  const incoming = {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    query: { ...Object.fromEntries(url.searchParams), nextauth: provider ? [action, provider] : [action] },
    cookies: readCookies(request, action),
    body: await readForm(request),
  };
  await NextAuth(
    incoming as never,
    response as never,
    await createAuthOptions({ isSignIn: action === "signin" }),
  );
  return response.toResponse();
}

function pathSegments(request: Request): string[] {
  const { pathname } = new URL(request.url);
  return pathname.startsWith(PREFIX) ? pathname.slice(PREFIX.length).split("/") : [];
}

/** Signing in makes a session of its own, whoever was signed in before: next-auth would keep the old one. */
function readCookies(request: Request, action: string): Record<string, string> {
  const session = sessionCookieName(config().publicUrl);
  const pairs = (request.headers.get("cookie") ?? "").split(/; */).map((pair): [string, string] => {
    const at = pair.indexOf("=");
    return at < 0 ? ["", ""] : [pair.slice(0, at).trim(), decode(pair.slice(at + 1).trim())];
  });
  return Object.fromEntries(pairs.filter(([name]) => name && !(action === "callback" && name === session)));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function readForm(request: Request): Promise<Record<string, unknown> | undefined> {
  if (request.method !== "POST") return undefined;
  const text = await readRequestText(request, MAX_BODY_BYTES);
  const type = request.headers.get("content-type") ?? "";
  if (type.includes("application/json")) return parseObject(text);
  return Object.fromEntries(new URLSearchParams(text));
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(text) as object) };
  } catch (cause) {
    throw new AppError("invalid_argument", "The body is not JSON.", { cause });
  }
}

function hasFailed(response: Response): boolean {
  return response.headers
    .getSetCookie()
    .every((cookie) => !cookie.startsWith(sessionCookieName(config().publicUrl)));
}

async function recordFailure(attempt: Attempt, response: Response): Promise<void> {
  const claimed = attempt.claimed ?? undefined;
  const ctx = { ...attempt.ctx, actor: { kind: "anonymous" as const, claimed } };
  const error =
    attempt.failures.at(-1) ??
    `the sign-in ended with ${response.headers.get("location") ?? response.status}`;
  await recordFailedAuthentication(ctx, { entityName: attempt.claimed, error });
}
