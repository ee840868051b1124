import { FORMATS } from "../../formats/registry.ts";
import type { StreamFormat } from "../../formats/schema.ts";
import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { callRecord, wholeRecords } from "../../testing/records.ts";
import type { Batch } from "../destination/destination.ts";

/** A batch of records in a format, as delivery makes one. */
export function batchOf(
  records: readonly StreamRecord[] = wholeRecords(),
  format: StreamFormat = "native",
): Batch {
  const written = records.map((record) => ({ record, text: FORMATS[format].encode(record) }));
  const [first, last] = [records[0], records.at(-1)];
  return {
    id: `${first?.id}.${last?.no}`,
    records: written,
    bytes: written.reduce((bytes, { text }) => bytes + Buffer.byteLength(text), 0),
  };
}

/** Calls with the numbers from one on. */
export const calls = (from: number, count: number, entry = {}): StreamRecord[] =>
  Array.from({ length: count }, (_, index) => callRecord({ no: from + index, ...entry }));
