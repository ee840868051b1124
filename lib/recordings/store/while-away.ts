import { setTimeout as delay } from "node:timers/promises";
import { isDataError } from "../../audit/writer/database-error.ts";

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Tries `work` again while PostgreSQL is away or refuses for a reason that passes, until it succeeds or `signal` aborts; then, and for an error about
 * what was to be stored, rejects with the last error. `work` may have been done already by a try whose answer was lost.
 */
export async function whileAway<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || isDataError(error)) throw error;
      await delay(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw error;
    }
  }
}
