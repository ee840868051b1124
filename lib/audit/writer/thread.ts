import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { createPool } from "../../db/pool.ts";
import { returnMemory } from "../../return-memory.ts";
import { removeJournalDirectory } from "../journal/directory.ts";
import { JournalReader } from "../journal/reader.ts";
import { createDictionary } from "../store/dictionary.ts";
import { BatchWriter, type JournalBatch } from "./batch-writer.ts";
import { MAX_BATCH_ENTRIES, readBatch } from "./drain-journal.ts";
import type { DrainReport } from "./drain-orphan.ts";
import { forgetPosition } from "./journal-position.ts";
import { OrphanTasks } from "./orphan-tasks.ts";
import {
  type FromWriter,
  type JournalRef,
  SHARED,
  type ThreadData,
  type ToWriter,
} from "./thread-protocol.ts";
import { WakeSignal } from "./wake-signal.ts";

// The writer's thread: reads journals from their files and writes them to PostgreSQL, the process's own and, beside it, those of earlier
// starts. Nothing of it runs on the gateway's event loop.

const BATCH_ENTRIES = 100n;
const BATCH_MS = 500;
/** Under load a batch begins no sooner than this after the one before: fewer and larger ones cost half as much a row. */
const SPACING_MS = 250;
/** While nothing comes it looks by itself so often: no entry waits for the next call, whoever forgot to tell of it. */
const LOOK_AGAIN_MS = 1_000;
/** Entries may wait in the journal for a moment; calls may not (on Linux the priority is the thread's own). */
const NICENESS = 5;

const { databaseUrl, shared: sharedBuffer, own, orphans }: ThreadData = workerData;
const shared = new BigInt64Array(sharedBuffer);
const signal = new WakeSignal(shared);
let stop = false;
/** Entries of the own journal that were read; right from the first time on that nothing was left to read. */
let entriesRead = 0n;
let batchBeganAt = Number.NEGATIVE_INFINITY;

const tell = (message: FromWriter): void => parentPort!.postMessage(message);
/** A connection for the own journal, and one for those of earlier starts. */
const pool = createPool(databaseUrl, { max: 2, applicationName: "kubewitness audit writer" });
const writer = new BatchWriter({
  store: { pool, dictionary: createDictionary(pool) },
  onRetry: (error) => tell({ kind: "retrying", message: describe(error) }),
  onDeadLetter: ({ journalId, position }, error) =>
    tell({ kind: "deadLetter", journalId, position, message: describe(error) }),
});
const tasks = new OrphanTasks({
  startPosition: (journalId) => writer.startPosition(journalId),
  closedCalls: (intents) => writer.closedCalls(intents),
  write: writeBatch,
  stopping: () => stop,
  onDrained: endOrphan,
  onFailed: ({ id: journalId }, { error, waits }) =>
    tell({ kind: "orphanFailed", journalId, message: describe(error), waits }),
});

parentPort!.on("message", (message: ToWriter) => {
  if (message.kind === "adopt") tasks.add(message.journal);
  if (message.kind === "stop") stop = true;
  signal.wake({ flush: message.kind !== "wake" });
});

run().then(
  () => finish({ kind: "stopped" }),
  (error: Error) => finish({ kind: "failed", message: describe(error) }),
);

async function run(): Promise<void> {
  if (process.platform === "linux") setPriority(0, NICENESS);
  returnMemory();
  for (const orphan of orphans) tasks.add(orphan);
  await writeOwn();
  await tasks.stop();
}

async function writeOwn(): Promise<void> {
  const reader = new JournalReader(own.directory, await writer.startPosition(own.id));
  let damagedBytes = 0;
  try {
    for (;;) {
      if (!stop) await waitForBatch(reader);
      const limit = Number(Atomics.load(shared, SHARED.durablePosition));
      const batch = await readBatch(reader, own.id, limit);
      if (reader.damagedBytes > damagedBytes)
        tell({ kind: "damaged", bytes: reader.damagedBytes - damagedBytes });
      damagedBytes = reader.damagedBytes;
      if (batch) {
        entriesRead += BigInt(batch.entries.length);
        batchBeganAt = performance.now();
        await writeBatch(batch);
      } else if (stop) return;
    }
  } finally {
    await reader.close();
  }
}

/** Until 100 entries are there, or 500 ms after the first, or a flush is asked for; under load until a larger batch has gathered. */
async function waitForBatch(reader: JournalReader): Promise<void> {
  for (;;) {
    // Before the position, which the gateway's thread stores first: what comes after this look ends the wait.
    const frames = Atomics.load(shared, SHARED.durableFrames);
    const entries = Atomics.load(shared, SHARED.durableEntries);
    if (Atomics.load(shared, SHARED.durablePosition) > BigInt(reader.position)) break;
    entriesRead = entries;
    if (signal.takeFlush()) return;
    await signal.waitFor("frames", frames + 1n, LOOK_AGAIN_MS);
  }
  if (!stop) await signal.waitFor("entries", entriesRead + BATCH_ENTRIES, BATCH_MS);
  const spacing = batchBeganAt + SPACING_MS - performance.now();
  if (!stop && spacing > 0) await signal.waitFor("entries", entriesRead + BigInt(MAX_BATCH_ENTRIES), spacing);
  signal.takeFlush();
}

async function writeBatch(batch: JournalBatch): Promise<void> {
  const startedAt = performance.now();
  const report = await writer.write(batch);
  const { journalId, entries, to: position } = batch;
  const writeMs = performance.now() - startedAt;
  tell({ kind: "committed", journalId, position, entries: entries.length, ...report, writeMs });
}

/** A journal of which something could not be read stays, for whoever can. */
async function endOrphan({ id, directory }: JournalRef, report: DrainReport): Promise<void> {
  if (report.damagedBytes === 0) {
    await removeJournalDirectory(directory);
    // A row of a journal that is gone is only a row too many.
    await forgetPosition(pool, id).catch(() => undefined);
  }
  tell({ kind: "drained", journalId: id, ...report });
}

function describe(error: Error): string {
  // pg's connection errors can be empty, with the causes in an AggregateError.
  const causes = error instanceof AggregateError ? error.errors.map(String).join("; ") : "";
  return error.message || causes || String(error);
}

async function finish(last: FromWriter): Promise<void> {
  await pool.end().catch(() => undefined);
  tell(last);
  parentPort!.close();
}
