import type { Context } from "../../context.ts";
import { AppError, type ErrorCode } from "../../errors.ts";
import { type NewEvent, recordEventAlone } from "./record.ts";

/** What somebody known was refused. What passes with time, and who is not known, is no attempt of anybody's. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  "permission_denied",
  "invalid_argument",
  "not_found",
  "conflict",
]);

/** Does `work`; where it is refused, that is an event too: `event`, failed, with the refusal's words. */
export async function recordingRefusal<T>(ctx: Context, event: NewEvent, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && REFUSALS.has(error.code) && ctx.actor.kind !== "anonymous")
      await recordEventAlone(ctx, { ...event, status: "Failed", error: error.message });
    throw error;
  }
}
