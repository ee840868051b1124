import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { type NewEvent, recordEventAlone } from "./record.ts";

/**
 * Runs a change. Where it is refused, Event History has who tried what, and why it was not done; the error goes on. What nobody known tries
 * is no event: it never gets so far as to a change.
 */
export async function recordIfRefused<T>(
  ctx: Context,
  event: Omit<NewEvent, "status" | "error">,
  change: () => Promise<T>,
): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (error instanceof AppError && ctx.actor.kind !== "anonymous")
      await recordEventAlone(ctx, { ...event, status: "Failed", error: error.message });
    throw error;
  }
}
