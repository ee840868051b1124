import type { SqlRow } from "../columns/derived/schema.ts";
import { RECORDINGS } from "../columns/recordings/schema.ts";
import { entryReader } from "../query/entry-reader.ts";
import type { FactRow } from "../query/rows.ts";

/** A row of `recording`. */
export type RecordingRow = FactRow & SqlRow<typeof RECORDINGS.columns>;

/** Puts texts in the place of ids. */
export const toEntries = entryReader(RECORDINGS);
