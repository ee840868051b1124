import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { log } from "../log.ts";
import { onRevocation, type RevokedSubject } from "../revocation/revocation.ts";
import { authenticateToken } from "./authenticate.ts";
import { readSessionCookie } from "./request-context.ts";
import { findSession } from "./sessions/find-session.ts";

/** How often what holds an answer open is asked whether it still counts: for a notification that was lost. */
const ASK_AGAIN_MS = 10_000;
/** Longer than this no timer of Node's waits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The right of a request whose answer goes on for long. */
export interface AccessWatch {
  /** Aborts when the client leaves, and when the right ends: its reason is then an AppError that says why. */
  signal: AbortSignal;
  stop(): void;
}

/**
 * Watches the right with which a request came: signing out, expiry, revocation, and whatever takes a right away from the person end it, at once
 * where PostgreSQL notifies. Call `stop` when the answer is over.
 */
export function watchAccess(request: Request, ctx: Context): AccessWatch {
  const ended = new AbortController();
  const end = (why: string) => {
    stop();
    ended.abort(new AppError("unauthenticated", `Access ended while the answer was sent: ${why}.`));
  };
  const askAgain = () => {
    whyEnded(request, ctx).then(
      (why) => why !== null && !ended.signal.aborted && end(why),
      // What was allowed a moment ago stays so until the database can be asked; it can end by the clock meanwhile.
      (error) => log.warn({ err: error }, "the right of an answer under way could not be checked"),
    );
  };
  // Of what was made with another credential, and ends with it, each has a notification of its own: somebody else's costs no question.
  const stopListening = onRevocation((subject) => {
    if (isTouched(ctx, subject)) end("it was revoked, or the person signed out");
  });
  const timer = setInterval(askAgain, ASK_AGAIN_MS);
  timer.unref();
  const expiry = onExpiry(ctx, () => end(`the ${ctx.credential?.kind} expired`));
  const stop = () => {
    clearInterval(timer);
    clearTimeout(expiry);
    stopListening();
  };
  const signal = AbortSignal.any([request.signal, ended.signal]);
  request.signal.addEventListener("abort", stop, { once: true });
  // Between the request's own check and this one it may have ended.
  askAgain();
  return { signal, stop };
}

function onExpiry({ credential }: Context, end: () => void): NodeJS.Timeout | undefined {
  if (credential === undefined) return undefined;
  const timer = setTimeout(end, Math.min(credential.expiresAt.getTime() - Date.now(), LONGEST_TIMER_MS));
  timer.unref();
  return timer;
}

function isTouched({ actor, credential }: Context, { kind, id }: RevokedSubject): boolean {
  if (credential?.kind === kind && credential.id === id) return true;
  return (actor.kind === "user" || actor.kind === "application") && actor.kind === kind && actor.id === id;
}

/** As a new request would be asked; null while it would be let in as the same. */
async function whyEnded({ headers }: Request, { actor }: Context): Promise<string | null> {
  const now = await currentActor(headers);
  if (now === null) return "the session or token does not count any more";
  const role = (each: object) => ("consoleRole" in each ? each.consoleRole : null);
  return role(now) === role(actor) ? null : "the person's role changed";
}

async function currentActor(headers: Headers): Promise<Context["actor"] | null> {
  const authorization = headers.get("authorization");
  if (authorization === null) {
    const cookie = readSessionCookie(headers);
    return cookie === null ? null : ((await findSession(cookie))?.actor ?? null);
  }
  const token = /^bearer +(\S+)$/i.exec(authorization.trim())?.[1];
  return token === undefined ? null : ((await authenticateToken(token))?.actor ?? null);
}
