import type { Actor, Context } from "../../context.ts";
import { AppError } from "../../errors.ts";

/** Whose a terminal is: the person, in the console session that opened it. */
export interface TerminalOwner {
  actor: Extract<Actor, { kind: "user" }>;
  sessionId: string;
}

/**
 * Whose terminals the one who asks may have: a person's, in their console session.
 * @throws AppError `unauthenticated`, `permission_denied`
 */
export function requireOwner({ actor, credential }: Context): TerminalOwner {
  if (actor.kind === "user" && credential?.kind === "session") return { actor, sessionId: credential.id };
  throw new AppError(
    actor.kind === "anonymous" ? "unauthenticated" : "permission_denied",
    "A web shell is a person's in the console: sign in there. Bearer tokens open none.",
  );
}
