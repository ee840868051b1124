import { parseCookie } from "cookie";
import { config } from "../config.ts";
import type { Actor, Context, Credential } from "../context.ts";
import { explainOutage } from "../db/outage.ts";
import { AppError } from "../errors.ts";
import { authenticateToken } from "./authenticate.ts";
import { recordFailedAuthentication } from "./failed-authentication/record.ts";
import { recordableText } from "./failed-authentication/recordable-text.ts";
import { readClientAddress } from "./forwarded-client.ts";
import { requireSameOrigin } from "./same-origin.ts";
import { findSession } from "./sessions/find-session.ts";
import { UNATTENDED_HEADER } from "./sessions/schema.ts";
import { sessionCookieName } from "./sessions/token.ts";

interface Identity {
  actor: Actor;
  credential?: Credential;
}

const ANONYMOUS: Identity = { actor: { kind: "anonymous" } };

/**
 * The context of a route handler: from the bearer token, else the session's cookie, else anonymous.
 * @throws AppError `unauthenticated` for a bearer token that does not count, `permission_denied` for a change by cookie that
 * another site sent.
 */
export async function contextFromRequest(request: Request): Promise<Context> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) return contextFromBearer(authorization, anonymousContext(request.headers));
  const identity = await identityOfCookie(request.headers);
  if (identity.actor.kind !== "anonymous") requireSameOrigin(request, config().publicUrl);
  return contextOf(request.headers, identity);
}

/**
 * The context of who holds a bearer token. `ctx` says where it came from. One that does not count is a failed authentication.
 * @throws AppError `unauthenticated`
 */
export async function contextFromBearer(authorization: string, ctx: Context): Promise<Context> {
  const token = /^bearer +(\S+)$/i.exec(authorization.trim())?.[1];
  if (token === undefined) {
    await recordFailedAuthentication(ctx, { error: "the Authorization header holds no bearer token" });
    throw new AppError(
      "unauthenticated",
      "The Authorization header holds no bearer token. Send it as: Bearer <token>.",
    );
  }
  const authenticated = await authenticateToken(token, { from: ctx.sourceIp }).catch(async (error) => {
    if (error instanceof AppError && error.code === "unauthenticated")
      await recordFailedAuthentication(ctx, { error: error.message });
    throw error;
  });
  if (authenticated?.terminal) {
    await recordFailedAuthentication(ctx, { error: "a web shell's token was used outside of its terminal" });
    throw new AppError("unauthenticated", "A web shell's token counts in its own terminal alone.");
  }
  if (authenticated) {
    const { actor, tokenId: id, expiresAt, secondFactorAt, scopes } = authenticated;
    const credential = { kind: "token" as const, id, expiresAt, secondFactorAt, ...(scopes && { scopes }) };
    return { ...ctx, actor, credential };
  }
  await recordFailedAuthentication(ctx, { error: "the bearer token is unknown, expired or revoked" });
  throw new AppError(
    "unauthenticated",
    "The bearer token is unknown, expired or revoked. Get another: POST /api/v1/token for an application, the console for a person.",
  );
}

/**
 * The context of a server component: from the session's cookie, else anonymous.
 * @throws AppError `unavailable` while the database cannot be asked who holds the session.
 */
export async function contextFromPage(): Promise<Context> {
  const { headers } = await import("next/headers");
  const received = await headers();
  const identity = await identityOfCookie(received).catch((error) => {
    throw explainOutage(error);
  });
  return contextOf(received, identity);
}

/** Who asks, without saying who they are: for the sign-in itself. */
export function anonymousContext(headers: Headers): Context {
  return contextOf(headers, ANONYMOUS);
}

/** The value of the session's cookie; null where there is none. */
export function readSessionCookie(headers: Headers): string | null {
  return parseCookie(headers.get("cookie") ?? "")[sessionCookieName(config().publicUrl)] ?? null;
}

async function identityOfCookie(headers: Headers): Promise<Identity> {
  const sessionToken = readSessionCookie(headers);
  if (sessionToken === null) return ANONYMOUS;
  const seen = headers.has(UNATTENDED_HEADER) ? undefined : { sourceIp: readClientAddress(headers) };
  return (await findSession(sessionToken, { seen })) ?? ANONYMOUS;
}

function contextOf(headers: Headers, identity: Identity): Context {
  const userAgent = headers.get("user-agent");
  return {
    ...identity,
    sourceIp: readClientAddress(headers),
    userAgent: userAgent === null ? null : recordableText(userAgent),
    requestId: crypto.randomUUID(),
  };
}
