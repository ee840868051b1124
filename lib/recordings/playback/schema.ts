import { z } from "zod";

/** Milliseconds since the session's start. */
const Moment = z.int().nonnegative();
const Columns = z.int().positive();
const Rows = z.int().positive();

/** How many equal parts of its duration a recording's activity is told for. */
export const ACTIVITY_BUCKETS = 240;
/** Longer without output is idle time, which a player may skip. */
export const IDLE_MS = 2_000;

/** `command`: a line seen at a prompt; `typed`: a line of the recorded input; `marker`: a line of the web shell's, as it was run. */
export const MarkerKind = z.enum(["command", "typed", "marker"]);
export type MarkerKind = z.infer<typeof MarkerKind>;

export const PlaybackMarker = z.object({
  atMs: Moment,
  label: z.string().meta({ description: "The line, secrets redacted, at most 512 characters." }),
  kind: MarkerKind,
});
export type PlaybackMarker = z.infer<typeof PlaybackMarker>;

export const PlaybackFile = z.object({
  atMs: Moment,
  name: z.string(),
  size: z.int().nonnegative(),
  sha256: z.string(),
  direction: z.enum(["from", "to"]),
});
export type PlaybackFile = z.infer<typeof PlaybackFile>;

export const PlaybackBinary = z.object({
  atMs: Moment,
  stream: z.enum(["stdin", "stdout", "stderr"]),
  bytes: z.int().nonnegative(),
  sha256: z.string(),
});
export type PlaybackBinary = z.infer<typeof PlaybackBinary>;

/** What a player asks for first. */
export const PlaybackIndex = z
  .object({
    version: z.literal(1),
    durationMs: Moment,
    columns: Columns.meta({ description: "Of the terminal at the start." }),
    rows: Rows,
    tty: z.boolean(),
    inputRecorded: z.boolean(),
    segments: z
      .array(z.object({ seq: z.int().nonnegative(), startMs: Moment, endMs: Moment }))
      .meta({ description: "In order; each starts later than the one before, the first at 0." }),
    markers: z.array(PlaybackMarker),
    idle: z
      .array(z.object({ fromMs: Moment, toMs: Moment }))
      .meta({ description: "Spans of more than 2 s without output." }),
    activity: z
      .array(z.int().nonnegative())
      .length(ACTIVITY_BUCKETS)
      .meta({ description: "Bytes of output in 240 equal parts of the duration." }),
    sizes: z
      .array(z.object({ atMs: Moment, columns: Columns, rows: Rows }))
      .meta({ description: "Each change of the terminal's size." }),
    files: z.array(PlaybackFile),
    binaries: z.array(PlaybackBinary),
    chain: z.object({
      chunks: z.int().nonnegative(),
      lastHash: z.string(),
      intact: z.boolean(),
      problem: z
        .string()
        .nullable()
        .meta({ description: "Where the chain breaks, in words; the recording plays up to there." }),
    }),
    leftOut: z.array(z.string()).meta({
      description: "What was too much to be listed here, in words; nothing of the recording itself.",
    }),
  })
  .meta({ id: "PlaybackIndex" });
export type PlaybackIndex = z.infer<typeof PlaybackIndex>;

/** Codes of a segment's events: those of asciicast (`o` `i` `r` `m` `x`), `e` output to stderr. */
export const SegmentEvent = z.tuple([Moment, z.enum(["o", "e", "i", "r", "m", "x"]), z.string()]);
export type SegmentEvent = z.infer<typeof SegmentEvent>;

/** A part of a recording: the screen as it is at the part's start, and what happens from there on. */
export const PlaybackSegment = z
  .object({
    snapshot: z.object({
      columns: Columns,
      rows: Rows,
      init: z.string().meta({
        description: "What a new terminal of that size is to be given first; without a TTY the lines before.",
      }),
    }),
    events: z
      .array(SegmentEvent)
      .meta({ description: "Milliseconds since the session's start, code, data." }),
  })
  .meta({ id: "PlaybackSegment" });
export type PlaybackSegment = z.infer<typeof PlaybackSegment>;

const MOST_SEQ = 2_147_483_647;

/** A segment of a recording, in a path. */
export const SegmentPath = z.object({
  id: z.uuid({ error: "the id of a recording" }),
  seq: z
    .string()
    .regex(/^\d{1,10}$/, "takes a segment's number, from 0")
    .transform(Number)
    .pipe(z.int().max(MOST_SEQ, "takes a segment's number, from 0")),
});
