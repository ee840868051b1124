import type { BatchRecord } from "../destinations/destination/destination.ts";

/** Cuts records into batches of at most so many bytes; one that is larger alone is a batch of its own. */
export function cutBatches(records: readonly BatchRecord[], bytes: number): BatchRecord[][] {
  const batches: BatchRecord[][] = [];
  let left = 0;
  for (const record of records) {
    const size = Buffer.byteLength(record.text) + 1;
    if (batches.length === 0 || size > left) {
      batches.push([]);
      left = bytes;
    }
    batches.at(-1)!.push(record);
    left -= size;
  }
  return batches;
}
