import type { Context } from "../../context.ts";
import { WaitingRoom } from "../../limits/waiting-room.ts";
import { processState } from "../../process-state.ts";

/** Files under way: each holds a batch of rows in memory, and a slow reader holds it for long. */
const files = processState(
  "audit/exports",
  () =>
    new WaitingRoom({
      what: "exports",
      most: 32,
      mostOfKey: 4,
      mostWaitingOfKey: 100,
      waitMs: 60_000,
    }),
);

/** Batches that are read at once: the database's connections are for pages, too. */
const BATCHES_AT_ONCE = 3;
const batches = processState(
  "audit/export-batches",
  () =>
    new WaitingRoom({
      what: "batches of exports",
      most: BATCHES_AT_ONCE,
      mostOfKey: BATCHES_AT_ONCE,
      mostWaitingOfKey: 100,
      waitMs: 300_000,
    }),
);

/** Waits until another file may be begun; see `WaitingRoom`. */
export function takeExportPlace({ actor }: Context, signal: AbortSignal): Promise<() => void> {
  return files.enter("id" in actor ? actor.id : actor.kind, signal);
}

/** Reads a batch when it is its turn. */
export async function inTurn<T>(read: () => Promise<T>): Promise<T> {
  const leave = await batches.enter("all");
  try {
    return await read();
  } finally {
    leave();
  }
}
