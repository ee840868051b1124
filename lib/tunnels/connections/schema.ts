import { z } from "zod";

/** A connection of an agent, open or ended. */
export const ConnectionView = z.object({
  id: z.uuid(),
  instance: z.string().meta({ description: "Which of the processes that share the agent's certificate." }),
  hub: z.string().meta({ description: "The hub that has it, or had: a process of a replica." }),
  process: z.string().meta({ description: "The name of that process." }),
  address: z.string().nullable(),
  version: z.string().nullable(),
  since: z.iso.datetime(),
  until: z.iso.datetime().nullable().meta({ description: "null: it is open." }),
  ending: z.string().nullable().meta({ description: "Why it ended, in words." }),
  calls: z.number().int(),
  bytesIn: z.number().int().meta({ description: "To the cluster." }),
  bytesOut: z.number().int().meta({ description: "From the cluster." }),
});
export type ConnectionView = z.infer<typeof ConnectionView>;

export const MOST_LISTED = 200;

export const ListConnectionsQuery = z.strictObject({
  limit: z.coerce
    .number(`takes 1 to ${MOST_LISTED}`)
    .int()
    .min(1, `takes 1 to ${MOST_LISTED}`)
    .max(MOST_LISTED, `takes 1 to ${MOST_LISTED}`)
    .default(50),
  /** Those that began before it. */
  before: z.iso.datetime("takes a time such as 2026-12-31T18:00:00Z").optional(),
});
export type ListConnectionsQuery = z.input<typeof ListConnectionsQuery>;

export const ConnectionList = z.object({
  open: z.array(ConnectionView).meta({ description: "Open now, newest first; with `before` none." }),
  ended: z.array(ConnectionView).meta({ description: "The log of connects, newest first." }),
  next: z.iso.datetime().nullable().meta({ description: "What `before` is for those that come after." }),
});
export type ConnectionList = z.infer<typeof ConnectionList>;
