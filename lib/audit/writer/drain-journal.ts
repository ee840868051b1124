import { FRAME_TYPE } from "../journal/frame.ts";
import type { JournalReader } from "../journal/reader.ts";
import type { JournalBatch, JournalEntry } from "./batch-writer.ts";

/** More rows a statement gain little and hold the ledger's row longer; see docs/decisions. */
export const MAX_BATCH_ENTRIES = 1_000;
const MAX_BATCH_BYTES = 4 * 2 ** 20;

export interface ReadBatch extends JournalBatch {
  /** Frames of any type, to compare with the count of durable frames. */
  frames: number;
}

/** Reads the next stretch of a journal up to `limit`; null where nothing is there. Intents are passed over: no row has them. */
export async function readBatch(
  reader: JournalReader,
  journalId: string,
  limit: number,
): Promise<ReadBatch | null> {
  const from = reader.position;
  const entries: JournalEntry[] = [];
  let frames = 0;
  let bytes = 0;
  while (entries.length < MAX_BATCH_ENTRIES && bytes < MAX_BATCH_BYTES) {
    const frame = await reader.next(limit);
    if (!frame) break;
    if (frame.type !== FRAME_TYPE.padding) frames += 1;
    if (frame.type !== FRAME_TYPE.entry && frame.type !== FRAME_TYPE.closing) continue;
    entries.push({ payload: frame.payload.toString(), version: frame.version, end: frame.end });
    bytes += frame.length;
  }
  return reader.position === from ? null : { journalId, entries, frames, from, to: reader.position };
}
