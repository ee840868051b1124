import { z } from "zod";
import { nameText } from "../names/schema.ts";
import { DestinationKindName } from "./destinations/schema.ts";
import { StreamFormat } from "./formats/schema.ts";
import { BatchBounds, SurfaceChoices, whole } from "./stored/schema.ts";
import { StreamSurface } from "./surfaces/schema.ts";

// Browser-safe: the console's forms and the API parse with the same schemas.

/** At most so many streams: each reads the record once. */
export const MOST_STREAMS = 50;

/** Where a new stream begins: with what comes from now on, behind a number of a surface, or with what was recorded since a time. */
export const StreamStart = z.discriminatedUnion("from", [
  z.strictObject({ from: z.literal("now") }),
  z.strictObject({
    from: z.literal("number"),
    requests: whole(1, Number.MAX_SAFE_INTEGER).optional(),
    events: whole(1, Number.MAX_SAFE_INTEGER).optional(),
    recordings: whole(1, Number.MAX_SAFE_INTEGER).optional(),
  }),
  z.strictObject({
    from: z.literal("time"),
    time: z.iso.datetime({ offset: true, error: "takes a time, such as 2026-01-31T12:00:00Z" }),
  }),
]);
export type StreamStart = z.infer<typeof StreamStart>;

const RateLimit = whole(1, 1_000_000, " of records a second")
  .nullable()
  .meta({ description: "Records a second at most; null: as fast as it takes them." });
const Settings = z.record(z.string(), z.unknown(), "takes an object").meta({
  description: "What its kind takes (docs/streams.md).",
});
const Secrets = z.record(z.string(), z.string("takes text").max(100_000)).meta({
  description: "Secrets of its kind: sealed when they are kept, never told again.",
});

export const CreateStreamInput = z.strictObject({
  name: nameText(63),
  kind: DestinationKindName,
  settings: Settings.default({}),
  secrets: Secrets.default({}),
  format: StreamFormat.default("native"),
  surfaces: SurfaceChoices,
  rateLimit: RateLimit.default(null),
  batch: BatchBounds.partial().optional().meta({ description: "What is left out is as its kind has it." }),
  start: StreamStart.default({ from: "now" }),
});
export type CreateStreamInput = z.input<typeof CreateStreamInput>;

/** What is left out stays as it is. `settings` is replaced as a whole; of `secrets` only those that are named, null removes one. A surface that is new begins now. */
export const UpdateStreamInput = z.strictObject({
  name: nameText(63).optional(),
  settings: Settings.optional(),
  secrets: z.record(z.string(), z.string("takes text").max(100_000).nullable()).optional(),
  format: StreamFormat.optional(),
  surfaces: SurfaceChoices.optional(),
  rateLimit: RateLimit.optional(),
  batch: BatchBounds.partial().optional(),
});
export type UpdateStreamInput = z.input<typeof UpdateStreamInput>;

/** `well`; `late`: what waits longest waits for more than 15 s; `failing`: the last try failed, and it is tried again; `paused` by somebody; `stopped`: the receiver is gone for good. */
export const StreamState = z.enum(["starting", "well", "late", "failing", "paused", "stopped"]);
export type StreamState = z.infer<typeof StreamState>;

const Range = z.object({ surface: StreamSurface, from: z.int(), to: z.int() });

/** A stream as administrators see it: never its secrets. */
export const StreamView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: z.string(),
    settings: z.record(z.string(), z.unknown()),
    secretsSet: z.array(z.string()).meta({ description: "Names of the secrets that are kept." }),
    format: StreamFormat,
    surfaces: SurfaceChoices,
    rateLimit: z.int().nullable(),
    batch: BatchBounds,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    state: StreamState,
    reason: z.string().nullable().meta({ description: "What is wrong, in words; null while it does well." }),
    lastError: z
      .object({ at: z.iso.datetime(), text: z.string() })
      .nullable()
      .meta({ description: "The last error, also where it does well since." }),
    lag: z.object({
      records: z.int().meta({ description: "Numbers of its surfaces that it has not come to." }),
      seconds: z.number().meta({ description: "For how long the oldest of them has waited." }),
    }),
    throughput: z.number().meta({ description: "Records a second, over the last minute or so." }),
    delivered: z.int().meta({ description: "Records that were taken, since it was made." }),
    lastDeliveredAt: z.iso.datetime().nullable(),
    cursors: z.array(
      z.object({
        surface: StreamSurface,
        lastNo: z.int().meta({ description: "It has everything up to this number." }),
        newestNo: z.int().meta({ description: "The newest number of the surface." }),
      }),
    ),
    replays: z.array(
      Range.extend({
        id: z.uuid(),
        lastNo: z.int().meta({ description: "Sent again up to this number." }),
        startedAt: z.iso.datetime(),
      }),
    ),
    deadLetters: z.int().meta({ description: "Records that the receiver refused for good." }),
    lost: z.array(Range.extend({ at: z.iso.datetime() })).meta({
      description:
        "Numbers that retention dropped before the stream had sent them, newest first; at most 20.",
    }),
    holdsRetention: z.boolean().meta({ description: "Retention waits for it with dropping a day." }),
  })
  .meta({ id: "Stream" });
export type StreamView = z.infer<typeof StreamView>;

export const StreamList = z.object({ streams: z.array(StreamView) }).meta({ id: "StreamList" });
export type StreamList = z.infer<typeof StreamList>;

/** Secrets that were made for it are shown once. */
export const StreamWithSecrets = StreamView.extend({
  madeSecrets: z
    .record(z.string(), z.string())
    .meta({ description: "Secrets that were made here. Shown once." }),
}).meta({ id: "StreamWithSecrets" });
export type StreamWithSecrets = z.infer<typeof StreamWithSecrets>;

/** What came back for a test record. */
export const StreamTest = z
  .object({
    ok: z.boolean(),
    text: z.string().meta({ description: "What came of it, in words." }),
    milliseconds: z.int(),
    sent: z.string().meta({ description: "The record as it was written." }),
  })
  .meta({ id: "StreamTest" });
export type StreamTest = z.infer<typeof StreamTest>;

/** Tries a stream that is not kept yet; `id`: secrets that are left out are those of that stream. */
export const TryStreamInput = z.strictObject({
  id: z.uuid().optional(),
  kind: DestinationKindName,
  settings: Settings.default({}),
  secrets: Secrets.default({}),
  format: StreamFormat.default("native"),
});
export type TryStreamInput = z.input<typeof TryStreamInput>;

/** Numbers of a surface, both among them. */
export const ReplayInput = z
  .strictObject({
    surface: StreamSurface,
    from: whole(1, Number.MAX_SAFE_INTEGER),
    to: whole(1, Number.MAX_SAFE_INTEGER),
  })
  .refine(({ from, to }) => from <= to, { path: ["to"], message: "takes a number that is not below from" });
export type ReplayInput = z.input<typeof ReplayInput>;

/** A record that the receiver refused for good. */
export const DeadLetterView = z
  .object({
    id: z.uuid(),
    surface: StreamSurface,
    no: z.int(),
    at: z.iso.datetime().meta({ description: "When it was refused." }),
    reason: z.string(),
    text: z.string().meta({ description: "The record as it was written; at most 4096 characters of it." }),
    attempts: z.int().meta({ description: "How often it was sent again from here." }),
  })
  .meta({ id: "StreamDeadLetter" });
export type DeadLetterView = z.infer<typeof DeadLetterView>;

export const DeadLetterQuery = z.strictObject({
  limit: z.coerce.number("takes a number from 1 to 100").int().min(1).max(100).default(50),
  after: z.string().max(200).optional().meta({ description: "`next` of the page before." }),
  search: z
    .string()
    .max(200)
    .optional()
    .meta({ description: "A part of the reason or the record, or a number." }),
});
export const DeadLetterList = z
  .object({ deadLetters: z.array(DeadLetterView), next: z.string().nullable() })
  .meta({ id: "StreamDeadLetterList" });
export type DeadLetterList = z.infer<typeof DeadLetterList>;

/** Some of a stream's dead letters, or all. */
export const DeadLetterChoice = z.union([
  z.strictObject({ ids: z.array(z.uuid()).min(1).max(1_000) }),
  z.strictObject({ all: z.literal(true) }),
]);
export type DeadLetterChoice = z.input<typeof DeadLetterChoice>;

/** How many were sent again, or removed. */
export const DeadLetterCount = z.object({ count: z.int() });

/** The path's `[id]` and `[replayId]`. */
export const ReplayParameter = z.strictObject({
  id: z.uuid("takes an id (UUID)"),
  replayId: z.uuid("takes an id (UUID)"),
});
