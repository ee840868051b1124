import type { KubeRequestEntry } from "../entry/entry.ts";
import { FRAME_VERSION } from "../journal/frame.ts";
import { findOpenIntents, interruptedEntry } from "../journal/open-intents.ts";
import { JournalReader } from "../journal/reader.ts";
import type { JournalBatch, JournalEntry } from "./batch-writer.ts";
import { MAX_BATCH_ENTRIES, readBatch } from "./drain-journal.ts";
import type { JournalRef } from "./thread-protocol.ts";

/** What the drain of a journal needs of the writer's thread. */
export interface OrphanSink {
  /** Where the database is in the journal. */
  startPosition(journalId: string): Promise<number>;
  write(batch: JournalBatch): Promise<void>;
  /** Which of these calls have a row that closes them, by their ids. */
  closedCalls(intents: readonly KubeRequestEntry[]): Promise<ReadonlySet<string>>;
  /** Whether the thread is to end. */
  stopping(): boolean;
}

export interface DrainReport {
  /** Calls that were under way when its process ended. */
  interrupted: number;
  /** Bytes at the ends of segments that are no whole frame. */
  skippedBytes: number;
  /** Bytes between frames that are none, also before where the database was: entries that cannot be read. */
  damagedBytes: number;
}

/**
 * Writes a journal whose process is gone to its end, then an `interrupted` entry for each intent that it left open. Those take the
 * positions after the end, one each, so that they too are written exactly once; nothing is written to the disk, which may be full. In a journal that
 * is damaged an outcome that the database has may be what cannot be read: there it is asked which of the intents it knows to be closed.
 * @returns null where the thread was to end before.
 */
export async function drainOrphan(
  sink: OrphanSink,
  { id, directory }: JournalRef,
): Promise<DrainReport | null> {
  const start = await sink.startPosition(id);
  const reader = new JournalReader(directory, start);
  try {
    for (;;) {
      if (sink.stopping()) return null;
      const batch = await readBatch(reader, id, Number.POSITIVE_INFINITY);
      if (!batch) break;
      await sink.write(batch);
    }
  } finally {
    await reader.close();
  }
  const { intents, end, skippedBytes, damagedBytes } = await findOpenIntents(directory);
  const closed = damagedBytes > 0 ? await sink.closedCalls(intents) : NONE;
  let interrupted = 0;
  for (let from = Math.max(reader.position, end); from < end + intents.length; ) {
    if (sink.stopping()) return null;
    const to = Math.min(from + MAX_BATCH_ENTRIES, end + intents.length);
    const entries = intents.slice(from - end, to - end).flatMap((intent, index): JournalEntry[] => {
      if (closed.has(intent.callId)) return [];
      const payload = JSON.stringify(interruptedEntry(intent));
      return [{ payload, version: FRAME_VERSION, end: from + index + 1 }];
    });
    await sink.write({ journalId: id, entries, from, to });
    interrupted += entries.length;
    from = to;
  }
  return { interrupted, skippedBytes, damagedBytes };
}

const NONE: ReadonlySet<string> = new Set();
