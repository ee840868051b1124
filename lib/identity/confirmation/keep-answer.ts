import { setTimeout as wait } from "node:timers/promises";
import { log } from "../../log.ts";

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;
/** Shorter than the lease of a question (due.ts): afterwards another replica may ask. */
const GIVE_UP_AFTER_MS = 10 * 60_000;

/**
 * Stores what cannot be learnt again, however often the database has to be asked: a refresh token that the provider gave for one that
 * does not count any more.
 * @throws the last error, after ten minutes or when `signal` aborts.
 */
export async function keepAnswer(store: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + GIVE_UP_AFTER_MS;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return await store();
    } catch (error) {
      if (signal.aborted || Date.now() + waitMs > giveUpAt) throw error;
      log.warn({ err: error }, "a refresh token could not be stored; it is tried again");
      await wait(waitMs, undefined, { signal }).catch(() => {});
    }
  }
}
