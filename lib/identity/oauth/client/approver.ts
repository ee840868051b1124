import { requirePermission } from "../../../access/permission.ts";
import type { Context } from "../../../context.ts";
import type { Transaction } from "../../../db/client.ts";
import { AppError } from "../../../errors.ts";
import { holdMaker } from "../../credential-chain/chain.ts";

export interface Approver {
  userId: string;
  sessionId: string;
  secondFactorAt: Date | null;
}

/** Somebody at a browser, in a session of the console. A token approves nothing: who stole one could make it last. */
export interface PersonAtBrowser {
  userId: string;
  email: string;
}

/**
 * @throws AppError `permission_denied`
 */
export function requirePersonAtBrowser(ctx: Context): PersonAtBrowser {
  requirePermission(ctx, "tokens:own");
  const { actor, credential } = ctx;
  if (actor.kind !== "user" || credential?.kind !== "session")
    throw new AppError("permission_denied", "The command line is signed in from a console session alone.");
  return { userId: actor.id, email: actor.email };
}

/**
 * Holds the session of who answers until the transaction ends.
 * @throws AppError `permission_denied`, `unauthenticated` where it has ended.
 */
export async function holdApprover(tx: Transaction, ctx: Context): Promise<Approver> {
  const { userId } = requirePersonAtBrowser(ctx);
  const { sessionId, secondFactorAt } = await holdMaker(tx, ctx);
  return { userId, sessionId: sessionId!, secondFactorAt };
}
