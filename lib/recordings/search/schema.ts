import { z } from "zod";

/** Shorter needles are in nearly every line. */
const LEAST_NEEDLE = 2;
export const MOST_NEEDLE = 256;
/** Hits that one answer has. */
export const MOST_HITS = 200;

export const RecordingSearchQuery = z.strictObject({
  q: z
    .string()
    .trim()
    .min(LEAST_NEEDLE, `takes ${LEAST_NEEDLE} to ${MOST_NEEDLE} characters`)
    .max(MOST_NEEDLE, `takes ${LEAST_NEEDLE} to ${MOST_NEEDLE} characters`)
    .meta({ description: "What a line has in it; upper and lower case are the same." }),
});
export type RecordingSearchQuery = z.infer<typeof RecordingSearchQuery>;

export const RecordingHit = z.object({
  atMs: z.int().nonnegative().meta({ description: "Milliseconds since the session's start." }),
  kind: z.enum(["command", "output"]),
  text: z.string().meta({ description: "The line, cut around what was found." }),
});
export type RecordingHit = z.infer<typeof RecordingHit>;

/** What was found in one recording, oldest first. */
export const RecordingSearch = z
  .object({
    hits: z.array(RecordingHit),
    more: z.boolean().meta({ description: "Whether there are more than these." }),
  })
  .meta({ id: "RecordingSearch" });
export type RecordingSearch = z.infer<typeof RecordingSearch>;
