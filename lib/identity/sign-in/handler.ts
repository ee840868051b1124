import { type Cookies, parseCookie } from "cookie";
import nextAuth from "next-auth";
import { exportToNextAuth } from "../../config/environment.ts";
import { config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { toErrorAnswer } from "../../http/error-answer.ts";
import { readRequestText } from "../../http/request-text.ts";
import { log } from "../../log.ts";
import { recordFailedAuthentication } from "../failed-authentication/record.ts";
import { anonymousContext, readSessionCookie } from "../request-context.ts";
import { sessionCookieName } from "../sessions/token.ts";
import { type Attempt, currentAttempt } from "./attempt.ts";
import { endOldAttempts, isAttemptId, newAttemptId } from "./attempt-cookies.ts";
import { createAuthOptions } from "./options.ts";
import { AuthResponse } from "./response.ts";
import { keepReturnPath, pathHere, readReturnPath } from "./return-path.ts";

// A CommonJS package: under plain Node the default import is its exports object.
const NextAuth = (nextAuth as unknown as { default?: typeof nextAuth }).default ?? nextAuth;

const PREFIX = "/api/auth/";
const MAX_BODY_BYTES = 64 * 1024;
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
    const form = await readForm(request);
    const attempt: Attempt = {
      ctx: anonymousContext(request.headers),
      ...(await readAttempt(request, { action, form })),
      sessionToken: readSessionCookie(request.headers),
      claimed: null,
      failures: [],
    };
    const response = await currentAttempt.run(attempt, () =>
      run(request, { action, provider, form, attempt }),
    );
    if (action !== "callback" || !hasFailed(response)) return response;
    await recordFailure(attempt, response);
    return withReturnPath(response, attempt);
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

type Form = Record<string, unknown> | undefined;

/** Which attempt the request begins or finishes, and where that leads: it is kept on the server, a cookie could not hold it. */
async function readAttempt(
  request: Request,
  { action, form }: { action: string; form: Form },
): Promise<Pick<Attempt, "id" | "returnPath">> {
  if (action === "signin" && form !== undefined) {
    const id = newAttemptId();
    const returnPath = pathHere(String(form.callbackUrl ?? ""), config().publicUrl);
    await keepReturnPath(id, returnPath);
    return { id, returnPath };
  }
  const state = new URL(request.url).searchParams.get("state");
  if (action !== "callback" || !isAttemptId(state)) return { id: null, returnPath: "/" };
  return { id: state, returnPath: await readReturnPath(state) };
}

interface Route {
  action: string;
  provider: string | undefined;
  form: Form;
  attempt: Attempt;
}

async function run(request: Request, { action, provider, form, attempt }: Route): Promise<Response> {
  exportToNextAuth(config());
  const response = new AuthResponse();
  const isSignIn = action === "signin" && form !== undefined;
  const cookies = readCookies(request, action);
  // At a sign-in, next-auth would hand on to the provider whatever the query says.
  const search = isSignIn ? {} : Object.fromEntries(new URL(request.url).searchParams);
  const incoming = {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    query: {
      ...search,
      ...(action === "callback" && { callbackUrl: attempt.returnPath }),
      nextauth: provider ? [action, provider] : [action],
    },
    cookies,
    body: isSignIn ? { ...form, callbackUrl: "/" } : form,
  };
  await NextAuth(
    incoming as never,
    response as never,
    await createAuthOptions({ isSignIn, attemptId: attempt.id }),
  );
  const secure = config().publicUrl.startsWith("https://");
  if (isSignIn) response.addCookies(endOldAttempts(Object.keys(cookies), { secure }));
  response.dropCookies("next-auth.callback-url");
  return response.toResponse();
}

/** Who has to try again is led where they wanted all the same: next-auth's way over its own error page forgets it. */
function withReturnPath(response: Response, { returnPath }: Attempt): Response {
  const location = response.headers.get("location");
  const { publicUrl } = config();
  if (location === null || !URL.canParse(location, publicUrl)) return response;
  const { pathname, searchParams } = new URL(location, publicUrl);
  if (pathname !== "/signin" && pathname !== `${PREFIX}error`) return response;
  const target = new URL("/signin", publicUrl);
  target.searchParams.set("error", searchParams.get("error") ?? "Callback");
  if (returnPath !== "/") target.searchParams.set("callbackUrl", returnPath);
  response.headers.set("location", target.href);
  return response;
}

function pathSegments(request: Request): string[] {
  const { pathname } = new URL(request.url);
  return pathname.startsWith(PREFIX) ? pathname.slice(PREFIX.length).split("/") : [];
}

/** Signing in makes a session of its own, whoever was signed in before: next-auth would keep the old one. */
function readCookies(request: Request, action: string): Cookies {
  const cookies = parseCookie(request.headers.get("cookie") ?? "");
  if (action === "callback") delete cookies[sessionCookieName(config().publicUrl)];
  return cookies;
}

async function readForm(request: Request): Promise<Form> {
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
