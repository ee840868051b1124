import { setPriority } from "node:os";
import { setTimeout } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { onPostgres } from "../../../audit/store/sql.ts";
import { createPool } from "../../../db/pool.ts";
import { type RenderWork, renderJob } from "./render-job.ts";
import { claimRender, failRender, LeaseLost, type RenderJob, retryRenders } from "./render-queue.ts";
import type { FromThread, ThreadData, ToThread } from "./thread-protocol.ts";

// The thread that prepares recordings for playback and search, one after the other: a terminal is given all that was shown, which would keep the
// console's event loop busy for seconds.

/** Nobody is told of a lease that ran out, or of a wait that is over. */
const LOOK_MS = 5_000;
/** Whoever waits for the console goes first (on Linux the priority is the thread's own). */
const NICENESS = 10;
const MOST_ERROR = 1_000;

const { databaseUrl, encryption, recordings, redactPatterns }: ThreadData = workerData;
/** One reads chunks while the other writes segments. */
const pool = createPool(databaseUrl, { max: 2, applicationName: "kubewitness playback" });
const run = onPostgres(pool);
const work: RenderWork = {
  pool,
  config: {
    encryption: {
      key: Buffer.from(encryption.key),
      formerKeys: encryption.formerKeys.map((key) => Buffer.from(key)),
    },
    recordings,
  },
  redactPatterns,
};

let stopping = false;
let wake = Promise.withResolvers<void>();

const tell = (message: FromThread): void => parentPort!.postMessage(message);

parentPort!.on("message", (message: ToThread) => {
  if (typeof message === "object") work.redactPatterns = message.redactPatterns;
  else if (message === "stop") stopping = true;
  wake.resolve();
});

await main();
await pool.end().catch(() => undefined);
tell({ kind: "stopped" });
parentPort!.close();

async function main(): Promise<void> {
  if (process.platform === "linux") setPriority(0, NICENESS);
  let isFirst = true;
  while (!stopping) {
    const woken = wake.promise;
    try {
      if (isFirst) await retryRenders(run, null);
      isFirst = false;
      await prepareAll();
    } catch (error) {
      tell({ kind: "unreachable", message: describe(error) });
    }
    if (!stopping) await Promise.race([woken, setTimeout(LOOK_MS)]);
    wake = Promise.withResolvers();
  }
}

async function prepareAll(): Promise<void> {
  while (!stopping) {
    const job = await claimRender(run);
    if (!job) return;
    await prepare(job);
  }
}

async function prepare(job: RenderJob): Promise<void> {
  const begun = performance.now();
  const { recordingId, attempts } = job;
  try {
    await renderJob(work, job);
    tell({ kind: "prepared", recordingId, ms: Math.round(performance.now() - begun) });
  } catch (error) {
    if (error instanceof LeaseLost) return;
    const message = describe(error).slice(0, MOST_ERROR);
    tell({ kind: "failed", recordingId, attempts, message });
    await failRender(run, job, message);
  }
}

function describe(error: unknown): string {
  // pg's connection errors can be empty, with the causes in an AggregateError.
  const causes = error instanceof AggregateError ? error.errors.map(String).join("; ") : "";
  return (error instanceof Error && error.message) || causes || String(error);
}
