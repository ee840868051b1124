import { z } from "zod";
import { fieldSet, toldShape } from "../columns/derived/schema.ts";
import { RECORDINGS } from "../columns/recordings/schema.ts";

/** One recording as the page, the API and the exports show it. Newest first, by `startedAt`, then `no`. */
export const RecordingEntry = z.object(toldShape(RECORDINGS)).meta({ id: "RecordingEntry" });
export type RecordingEntry = z.infer<typeof RecordingEntry>;

export const RecordingList = z
  .object({
    entries: z.array(RecordingEntry),
    next: z.string().nullable().meta({ description: "Cursor of the next page, or null." }),
  })
  .meta({ id: "RecordingList" });
export type RecordingList = z.infer<typeof RecordingList>;

/** What a filter over Pod Session Recordings may name. */
export const RECORDING_FIELDS = fieldSet(RECORDINGS);
