import { z } from "zod";

// Browser-safe: what a stream is made of, as it is asked for and as it is kept.

/** A whole number within bounds. */
export const whole = (least: number, most: number, of = "") => {
  const takes = `takes a whole number${of} from ${least.toLocaleString("en-US")} to ${most.toLocaleString("en-US")}`;
  return z.int(takes).min(least, takes).max(most, takes);
};

/** What of a surface is sent. A surface that a stream does not name is not sent. */
export const SurfaceChoice = z.strictObject({
  filter: z.string("takes a filter").trim().max(4_000, "takes at most 4000 characters").default("").meta({
    description: "In the filter language of the surface's page (docs/filter-language.md); empty: all.",
  }),
  leaveOut: z
    .array(z.string("takes names of fields").max(60), "takes a list of names of fields")
    .max(60)
    .default([])
    .meta({ description: "Fields of its entries that are not sent, by their names in the API." }),
});
export type SurfaceChoice = z.infer<typeof SurfaceChoice>;

/** By surface. */
export const SurfaceChoices = z
  .strictObject(
    {
      requests: SurfaceChoice.optional(),
      events: SurfaceChoice.optional(),
      recordings: SurfaceChoice.optional(),
    },
    "takes what is sent of requests, events or recordings",
  )
  .refine(
    (chosen) => Object.values(chosen).some((choice) => choice !== undefined),
    "takes at least one of requests, events or recordings",
  );
export type SurfaceChoices = z.infer<typeof SurfaceChoices>;

/** A batch is sent when it has so many records or bytes, or so long after its first record. */
export const BatchBounds = z.strictObject({
  records: whole(1, 2_000),
  bytes: whole(10_000, 2_000_000, " of bytes"),
  seconds: z
    .number("takes a number of seconds from 0.1 to 300")
    .min(0.1, "takes a number of seconds from 0.1 to 300")
    .max(300, "takes a number of seconds from 0.1 to 300"),
});
export type BatchBounds = z.infer<typeof BatchBounds>;
