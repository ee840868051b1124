import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { type NewEvent, recordEventAlone } from "./record.ts";

/** The event of a change that may be refused. What is found out of its object meanwhile, such as its name, can be added. */
export type Refusal = Omit<NewEvent, "status" | "error">;

/**
 * Runs a change. Where it is refused, Event History has who tried what, and why it was not done; the error goes on. What nobody known tries
 * is no event: it never gets so far as to a change.
 */
export async function recordIfRefused<T>(ctx: Context, event: Refusal, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (error instanceof AppError && ctx.actor.kind !== "anonymous")
      await recordEventAlone(ctx, { ...event, status: "Failed", error: error.message });
    throw error;
  }
}
