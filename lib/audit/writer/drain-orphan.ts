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
  /** Whether the thread is to end. */
  stopping(): boolean;
}

export interface DrainReport {
  /** Calls that were under way when its process ended. */
  interrupted: number;
  /** Bytes at the ends of segments that are no whole frame. */
  skippedBytes: number;
  /** Bytes between frames that are none: entries that cannot be read. */
  damagedBytes: number;
}

/**
 * Writes a journal whose process is gone to its end, then an `interrupted` entry for each intent that it left open. Those take the
 * positions after the end, one each, so that they too are written exactly once; nothing is written to the disk, which may be full.
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
  const { intents, end } = await findOpenIntents(directory);
  const interrupted = intents.map(interruptedEntry).map((entry, index): JournalEntry => {
    return { payload: JSON.stringify(entry), version: FRAME_VERSION, end: end + index + 1 };
  });
  for (let from = Math.max(reader.position, end); from < end + interrupted.length; ) {
    if (sink.stopping()) return null;
    const entries = interrupted.slice(from - end, from - end + MAX_BATCH_ENTRIES);
    const to = entries.at(-1)!.end;
    await sink.write({ journalId: id, entries, from, to });
    from = to;
  }
  const { skippedBytes, damagedBytes } = reader;
  return { interrupted: interrupted.length, skippedBytes, damagedBytes };
}
