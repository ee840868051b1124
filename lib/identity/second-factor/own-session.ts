import { requireIdentity } from "../../access/permission.ts";
import { hasRecentFactor, requireRecentFactor } from "../../access/second-factor.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";

/** Who is signed in, and in which console session. */
export interface OwnSession {
  userId: string;
  email: string;
  name: string;
  sessionId: string;
}

/**
 * What is about one's own password and second factors is for the person at a browser.
 * @throws AppError `unauthenticated`, `permission_denied` for who came with a bearer token.
 */
export function requireOwnSession(ctx: Context): OwnSession {
  requireIdentity(ctx);
  const { actor, credential } = ctx;
  if (actor.kind === "user" && credential?.kind === "session") {
    return { userId: actor.id, email: actor.email, name: actor.name, sessionId: credential.id };
  }
  throw new AppError(
    "permission_denied",
    "This is done in the console, by a person who is signed in there: a bearer token is not enough.",
  );
}

/**
 * Before one's second factors change: who has one shows it first. Who has none yet signed in a moment ago: whoever finds an open session
 * cannot make it their own.
 * @throws AppError `second_factor_required`, `permission_denied`
 */
export async function requireMayChangeFactors(ctx: Context): Promise<OwnSession> {
  const own = requireOwnSession(ctx);
  if (hasRecentFactor(ctx)) return own;
  if (await hasFactor(own.userId)) requireRecentFactor(ctx, "changing how you prove who you are");
  const { withinMs } = config().secondFactor;
  const begun = await database().session.findUnique({ where: { id: own.sessionId } });
  if (begun && Date.now() - begun.createdAt.getTime() < withinMs) return own;
  throw new AppError(
    "permission_denied",
    `Your first second factor is set up within ${Math.ceil(withinMs / 60_000)} minutes of signing in. Sign out, sign in again, then set it up.`,
  );
}

/** Whether the person has a second factor that counts. Recovery codes are none without the factor that they stand in for. */
export async function hasFactor(userId: string): Promise<boolean> {
  const { authenticatorApp, passkey } = database();
  const [apps, passkeys] = await Promise.all([
    authenticatorApp.count({ where: { userId, secret: { not: null } } }),
    passkey.count({ where: { userId } }),
  ]);
  return apps + passkeys > 0;
}

/** A second factor was shown in the session just now. */
export async function markFactorShown(tx: Transaction, sessionId: string): Promise<Date> {
  const secondFactorAt = new Date();
  const { count } = await tx.session.updateMany({
    where: { id: sessionId, expires: { gt: secondFactorAt } },
    data: { secondFactorAt },
  });
  if (count === 0) throw new AppError("unauthenticated", "Your session has ended. Sign in again.");
  return secondFactorAt;
}
