import { z } from "zod";
import { StreamSurface } from "../surfaces/schema.ts";

// Browser-safe.

const whole = z.coerce
  .number("takes a whole number")
  .int("takes a whole number")
  .min(1, "takes a number from 1 on");
const time = z.iso.datetime({ offset: true, error: "takes a time, such as 2026-01-31T12:00:00Z" });

/** A range by its numbers, or by times. */
export const MeasureReplayQuery = z
  .strictObject({
    surface: StreamSurface,
    from: whole.optional(),
    to: whole.optional(),
    since: time
      .optional()
      .meta({ description: "In place of `from`: the first that was recorded then or later." }),
    until: time.optional().meta({ description: "In place of `to`: the last that was recorded before." }),
  })
  .refine(({ from, since }) => (from === undefined) !== (since === undefined), {
    path: ["from"],
    message: "takes a number, or since a time",
  })
  .refine(({ to, until }) => (to === undefined) !== (until === undefined), {
    path: ["to"],
    message: "takes a number, or until a time",
  });
export type MeasureReplayQuery = z.infer<typeof MeasureReplayQuery>;

/** Counting stops here. */
export const MOST_MEASURED = 100_000;

/** What a replay of a range would send. */
export const ReplayMeasure = z
  .object({
    from: z.int(),
    to: z
      .int()
      .meta({ description: "At most the number that was sent last; below `from`: there is nothing." }),
    sentUpTo: z.int(),
    records: z
      .int()
      .meta({ description: "Records of it that are on the record and that the filter lets through." }),
    exact: z.boolean().meta({ description: "False: there are more." }),
  })
  .meta({ id: "StreamReplayMeasure" });
export type ReplayMeasure = z.infer<typeof ReplayMeasure>;
