import { setTimeout as sleep } from "node:timers/promises";
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "./embedded-postgres.ts";

/** Waits before the second start and those after it; the last one repeats. */
const RETRY_MS = [1_000, 2_000, 5_000, 15_000, 30_000];

export type SupervisedPostgres = Omit<EmbeddedPostgres, "exited">;

/**
 * Starts the embedded PostgreSQL and, whenever it ends by itself, starts it again at the same address, for as long as it takes: the
 * gateway's calls go on meanwhile and wait in the journal. Each such end and each start that failed is told to `report`, in a line.
 * Rejects where the first start fails.
 */
export async function startSupervisedPostgres(
  options: EmbeddedPostgresOptions,
  report: (line: string) => void,
): Promise<SupervisedPostgres> {
  const stopped = new AbortController();
  let postgres = await startEmbeddedPostgres(options);
  const { url, port, mode, logFile } = postgres;

  const supervision = supervise();
  return { url, port, mode, logFile, stop };

  async function supervise(): Promise<void> {
    for (;;) {
      await postgres.exited;
      if (stopped.signal.aborted) return;
      report(`PostgreSQL ended by itself: starting it again. What it said is at the end of ${logFile}.`);
      const again = await startAgain();
      if (!again) return;
      postgres = again;
      if (stopped.signal.aborted) await postgres.stop();
    }
  }

  async function startAgain(): Promise<EmbeddedPostgres | undefined> {
    for (let attempt = 0; !stopped.signal.aborted; attempt++) {
      try {
        const started = await startEmbeddedPostgres({ ...options, restartOf: { port } });
        report("PostgreSQL runs again.");
        return started;
      } catch (error) {
        const wait = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]!;
        report(`${error instanceof Error ? error.message : error}; trying again in ${wait / 1000} s`);
        await sleep(wait, undefined, { signal: stopped.signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  async function stop(): Promise<void> {
    stopped.abort();
    await postgres.stop();
    await supervision;
  }
}
