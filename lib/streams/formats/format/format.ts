import type { StreamRecord } from "../../surfaces/stream-record.ts";

/** How a record is written. Pure and fast: it is asked of each record, tens of thousands a second. */
export interface Format {
  /** As `StreamFormat` of ../schema.ts has it. */
  name: string;
  /** One record as JSON in one line, without a line break at its end. What the stream leaves out is absent from the entry. */
  encode(record: StreamRecord): string;
}
