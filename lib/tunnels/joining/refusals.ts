import { recordEventAlone } from "../../audit/events/record.ts";
import type { Refusal } from "../../audit/events/refused.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { recordFailedAuthentication } from "../../identity/failed-authentication/record.ts";
import { RequestRate } from "../../limits/request-rate.ts";
import { processState } from "../../process-state.ts";

/** Of one token or agent: it may ask again every few seconds, for ever. */
const RECORDED = { most: 3, windowMs: 3_600_000 };

const state = processState("tunnels/refusals", () => ({ recorded: new RequestRate(RECORDED) }));

/**
 * Refuses somebody whom nobody knows: a failed authentication, recorded and counted by address as all of them are.
 * @throws AppError `unauthenticated`, always.
 */
export async function refuseStranger(ctx: Context, why: string): Promise<never> {
  await recordFailedAuthentication({ ...ctx, actor: { kind: "anonymous" } }, { error: `agent: ${why}` });
  throw new AppError("unauthenticated", why);
}

type KnownRefusal = Refusal & { entityId: string };

/**
 * Refuses a token or an agent that the installation knows: the first refusals of an hour are events.
 * @throws AppError `unauthenticated`, always.
 */
export async function refuseKnown(ctx: Context, event: KnownRefusal, why: string): Promise<never> {
  return recordFirstRefusals(ctx, event, async () => {
    throw new AppError("unauthenticated", why);
  });
}

/** Runs a change. Where it is refused, that is an event, as long as it is one of the first within an hour; the error goes on. */
export async function recordFirstRefusals<T>(
  ctx: Context,
  event: KnownRefusal,
  change: () => Promise<T>,
): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (error instanceof AppError && state.recorded.take(event.entityId) === null)
      await recordEventAlone(ctx, { ...event, status: "Failed", error: error.message });
    throw error;
  }
}
