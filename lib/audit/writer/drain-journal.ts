import { FRAME_TYPE } from "../journal/frame.ts";
import type { JournalReader } from "../journal/reader.ts";
import type { JournalBatch, JournalEntry } from "./batch-writer.ts";

/** More rows a statement gain little and hold the ledger's row longer; see docs/decisions. */
export const MAX_BATCH_ENTRIES = 2_000;
const MAX_BATCH_BYTES = 4 * 2 ** 20;

/** Reads the next stretch of a journal up to `limit`; null where nothing is there. Intents are passed over: no row has them. */
export async function readBatch(
  reader: JournalReader,
  journalId: string,
  limit: number,
): Promise<JournalBatch | null> {
  const from = reader.position;
  const entries: JournalEntry[] = [];
  let bytes = 0;
  while (entries.length < MAX_BATCH_ENTRIES && bytes < MAX_BATCH_BYTES) {
    const frame = reader.nextAtHand(limit) ?? (await reader.next(limit));
    if (!frame) break;
    if (frame.type !== FRAME_TYPE.entry && frame.type !== FRAME_TYPE.closing) continue;
    entries.push({ payload: frame.payload, version: frame.version, end: frame.end });
    bytes += frame.length;
  }
  return reader.position === from ? null : { journalId, entries, from, to: reader.position };
}
