import fc from "../../../../../test/properties.ts";
import type { CastEvent } from "../../../cast/cast-event.ts";
import { readPrograms } from "../../fixtures/read-cast.ts";
import type { PlaybackSegment } from "../../schema.ts";
import { TerminalScreen } from "../../screen/terminal-screen.ts";
import { renderRecording } from "../render-recording.ts";

// What is shown to be work, memory, or a way out of a terminal. Used by a test and a bench.

const HUGE = 2_147_483_647;
const COUNTS = [0, 1, 500, 65_535, HUGE, 99_999_999_999];
const finals = [..."@ABCDEFGHIJKLMPSTXZ`abdefghlmnrstu", " @", " A", "'}", "'~", "!p", " q", '"q', "$p"];

const control = fc
  .tuple(
    fc.constantFrom("", "?", ">", "="),
    fc.array(fc.constantFrom(...COUNTS), { maxLength: 40 }),
    fc.constantFrom(...finals),
  )
  .map(([prefix, counts, final]) => `\x1b[${prefix}${counts.join(";")}${final}`);
const modes = fc
  .tuple(
    fc.constantFrom(3, 5, 6, 7, 9, 25, 45, 47, 66, 1000, 1004, 1005, 1006, 1047, 1048, 1049, 2004, 2026),
    fc.constantFrom("h", "l"),
  )
  .map(([mode, final]) => `\x1b[?${mode}${final}`);
const strings = fc
  .tuple(
    fc.constantFrom(
      "\x1b]0;",
      "\x1b]8;;",
      "\x1b]52;c;",
      "\x1b]4;1;",
      "\x1bP",
      "\x1bP$q",
      "\x1bX",
      "\x1b^",
      "\x1b_",
    ),
    fc.nat(200_000),
    fc.constantFrom("\x07", "\x1b\\", ""),
  )
  .map(([begin, length, end]) => `${begin}${"x".repeat(length)}${end}`);
const marks = fc.nat(50_000).map((count) => `e${"\u0301".repeat(count)}`);
const long = fc.nat(100_000).map((count) => "long ".repeat(count / 5));
const odd = fc.constantFrom(
  "\0",
  "\x1b",
  "\x1bc",
  "\x1b#8",
  "\x1b(0",
  "\x1b7",
  "\x1b8",
  "\x9b31m",
  "\ud800",
  "\udfff",
  "\u202e",
  "\ufeff",
  "👩‍👩‍👧",
  "漢",
  "\r\n",
  "\x0c",
  "\x1bM",
);

/** A size as a client may claim it. */
const size = fc
  .tuple(fc.constantFrom(0, 1, 2, 80, 65_535, 4_294_967_295), fc.constantFrom(0, 1, 24, 65_535))
  .map(([columns, rows]) => `${columns}x${rows}`);

const programs = readPrograms().events;
/** A part of what real programs showed, with some characters changed. */
const mutated = fc
  .tuple(
    fc.nat(programs.length - 1),
    fc.nat(60),
    fc.array(fc.tuple(fc.nat(), fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 5 }),
  )
  .map(([from, count, changes]) => {
    const text = programs
      .slice(from, from + count)
      .map(({ data }) => data)
      .join("");
    return changes.reduce((changed, [at, put]) => {
      const place = at % Math.max(1, changed.length);
      return changed.slice(0, place) + put + changed.slice(place + 1);
    }, text);
  });

const shown = fc.oneof(
  { weight: 5, arbitrary: control },
  { weight: 3, arbitrary: mutated },
  { weight: 2, arbitrary: odd },
  { weight: 2, arbitrary: modes },
  strings,
  marks,
  long,
  fc.string({ unit: "binary" }),
);
const event: fc.Arbitrary<CastEvent> = fc.oneof(
  { weight: 12, arbitrary: shown.map((data) => ({ atMs: 0, code: "o" as const, data })) },
  { weight: 1, arbitrary: size.map((data) => ({ atMs: 0, code: "r" as const, data })) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: "binary" }).map((data) => ({ atMs: 0, code: "i" as const, data })),
  },
);

/** A keyframe is never much longer than its screen can be. */
const MOST_KEYFRAME = 64 * 1024 * 1024;

/** Whatever is shown, a recording of it is rendered, each of its keyframes is taken by a terminal, and texts are bounded. */
export const rendersWhateverIsShown = fc.asyncProperty(
  fc.array(event, { maxLength: 40 }),
  fc.boolean(),
  fc.array(fc.nat(3_000), { minLength: 1 }),
  async (events, tty, pauses) => {
    let atMs = 0;
    const timed = events.map((each, index) => {
      atMs += pauses[index % pauses.length]!;
      return { ...each, atMs };
    });
    const segments: PlaybackSegment[] = [];
    const { index } = await renderRecording({
      tty,
      inputRecorded: true,
      tellsCommands: false,
      durationMs: atMs,
      size: { columns: 80, rows: 24 },
      events: (async function* () {
        yield timed;
      })(),
      redact: (line) => line,
      sink: { segment: async ({ content }) => void segments.push(content), text: async () => {} },
    });
    if (index.segments.length !== segments.length) throw new Error("a segment is not in the index");
    for (const { snapshot } of segments) {
      if (snapshot.init.length > MOST_KEYFRAME)
        throw new Error(`a keyframe of ${snapshot.init.length} characters`);
      const screen = new TerminalScreen(snapshot);
      screen.write(snapshot.init);
      screen.dispose();
    }
  },
);
