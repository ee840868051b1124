import { expect, test } from "vitest";
import fc from "../../../../test/properties.ts";
import { TerminalScreen } from "./terminal-screen.ts";
import { screenCells } from "./testing/screen-cells.ts";

const SIZE = { columns: 20, rows: 6 };

type Step = string | { columns: number; rows: number };

function take(screen: TerminalScreen, steps: readonly Step[]): void {
  for (const step of steps) {
    if (typeof step === "string") screen.write(step);
    else screen.resize(step);
  }
}

/** What a keyframe taken after `before` leads to, and the screen that was given everything. */
function compare(before: readonly Step[], after: readonly Step[]) {
  const whole = new TerminalScreen(SIZE);
  take(whole, before);
  const keyframe = whole.keyframe();
  if (keyframe === null) return null;
  const { cols: columns, rows } = whole.terminal;
  const part = new TerminalScreen({ columns, rows });
  part.write(keyframe);
  const at = [screenCells(part), screenCells(whole)] as const;
  take(whole, after);
  take(part, after);
  return { at, after: [screenCells(part), screenCells(whole)] as const, keyframe };
}

test.each<[string, Step, Step]>([
  ["colours that are on", "abc\x1b[1;31;48;2;1;2;3m", "def"],
  ["bold and dim, one of them off", "\x1b[1;2ma\x1b[22;2mb\x1b[22mc", "d"],
  ["underlines of each kind", "\x1b[4:3;58:2::1:2:3ma\x1b[21mb\x1b[24mc", "d"],
  ["the alternate screen", "shell$ vi\r\n\x1b[?1049hvi\x1b[5;5Hx", "y\x1b[?1049lback"],
  [
    "the alternate screen without a saved cursor",
    "a\r\nb\x1b7\r\n\x1b[?47hvi\x1b[2;2Hx",
    "y\x1b[?47lback\x1b8Q",
  ],
  ["a scroll region", "\x1b[2;4rA\x1b[4;1H", "x\r\ny\r\nz\r\n"],
  ["a scroll region, gone again", "\x1b[2;4r\x1b[rA", "x\r\n"],
  ["a saved cursor with its colour", "\x1b[32m\x1b[3;3H\x1b7\x1b[m\x1b[5;9H", "\x1b8Q"],
  ["a saved cursor with line drawing", "\x1b(0\x1b7\x1b(Bq", "\x1b8q"],
  ["the last column, before the wrap", "\x1b[1;20HZ", "W"],
  ["the last column, before the wrap, after a colour", "\x1b[1;20HZ\x1b[31m", "W"],
  ["a wide character in the last column", "\x1b[1;19H漢", "字W"],
  ["no wrapping", "\x1b[?7l\x1b[1;19H", "abcdef"],
  ["line drawing", "\x1b(0", "lqqk"],
  ["line drawing, over again", "\x1b(0q\x1b(B", "abc"],
  ["line drawing as G1", "\x1b)0\x0e", "lqqk\x0fabc"],
  ["tab stops", "\x1b[3g\x1b[1;5H\x1bH\r", "\tT"],
  ["wide and combining characters", "漢字e\u0301👩‍👩‍👧", "x"],
  ["half of a combination", "e", "\u0301x"],
  ["half of a combination in the last column", "\x1b[1;20He", "\u0301x"],
  ["a mark that combines with nothing", "\r\u0301", "x"],
  ["origin mode", "\x1b[2;4r\x1b[?6h\x1b[2;3H", "x\x1b[1;1HO"],
  ["modes of paste and mouse", "\x1b[?2004h\x1b[?1000h\x1b[?1h", "x"],
  ["insert mode", "abc\x1b[4h\r", "Z"],
  ["a character that was inserted", "0123456789012345678\r\x1b[4ha", "\x1b[3b"],
  ["the character set that came back with a cursor", "\x1b(0\x1b8", "a"],
  ["a hidden cursor", "\x1b[?25l", "x"],
  ["erased in colour", "\x1b[44m\x1b[2J\x1b[2;2Hx\x1b[K", "y\r\n"],
  ["line feed mode", "\x1b[20h", "a\nb"],
  ["a line of two rows", "0123456789012345678901234", { columns: 12, rows: 6 }],
  ["a first row that goes on from one that is gone", `${"x".repeat(150)}\r\nab`, { columns: 40, rows: 6 }],
  [
    "a line of two rows with an erased end",
    "0123456789012345678901234\x1b[1;15H\x1b[K",
    { columns: 12, rows: 5 },
  ],
  ["inverse, as empty", "\x1b[7m\x1b[1;20H漢", "x"],
])("a keyframe keeps %s", (_, before, after) => {
  const compared = compare([before], [after])!;
  expect(compared.at[0]).toEqual(compared.at[1]);
  expect(compared.after[0]).toEqual(compared.after[1]);
});

test.each(["\x1b", "\x1b[3", "a\x1b]0;tit", "\x1bP", "\ud83d", "\x1b(", "\x1b]8;;https://x"])(
  "there is no keyframe within %j",
  (half) => {
    expect(compare([half], [])).toBeNull();
  },
);

const SEQUENCES = [
  ...["\r", "\n", "\r\n", "\b", "\t", "\x0e", "\x0f", "\x1b7", "\x1b8", "\x1bM", "\x1bD", "\x1bE", "\x1bH"],
  ...["\x1b(0", "\x1b(B", "\x1b)0", "\x1b[m", "\x1b[1m", "\x1b[2m", "\x1b[22m", "\x1b[7m", "\x1b[31;44m"],
  ...["\x1b[38;5;200m", "\x1b[38;5;3m", "\x1b[4:3m", "\x1b[48;2;9;8;7m", "\x1b[39;49m", "\x1b[53;9;5m"],
  ...[
    "\x1b[H",
    "\x1b[2;3H",
    "\x1b[5;18H",
    "\x1b[9C",
    "\x1b[A",
    "\x1b[K",
    "\x1b[1K",
    "\x1b[2K",
    "\x1b[J",
    "\x1b[1J",
  ],
  ...[
    "\x1b[2J",
    "\x1b[L",
    "\x1b[M",
    "\x1b[3P",
    "\x1b[2@",
    "\x1b[4X",
    "\x1b[S",
    "\x1b[T",
    "\x1b[2;4r",
    "\x1b[r",
  ],
  ...["\x1b[?6h", "\x1b[?6l", "\x1b[?7l", "\x1b[?7h", "\x1b[4h", "\x1b[4l", "\x1b[?1049h", "\x1b[?1049l"],
  ...["\x1b[?47h", "\x1b[?47l", "\x1b[3g", "\x1b[3b", "\x1b[?25l", "\x1b[!p", "\x1bc", "\x1b#8", "\x1b[2I"],
];
// Marks that combine with nothing are left out: terminals keep them in cells of no width.
const TEXTS = ["a", "some words", "漢字", "e\u0301", "👩‍👩‍👧", "─", "q", "0123456789012345678901234567"];

const RESIZES = fc.record({
  columns: fc.integer({ min: 10, max: 40 }),
  rows: fc.integer({ min: 2, max: 12 }),
});
const ALTERNATE = /\?(?:1049|47)/;

const stepsOf = (sequences: string[], resizes: number) =>
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...TEXTS) },
      { weight: 6, arbitrary: fc.constantFrom(...sequences) },
      { weight: resizes, arbitrary: RESIZES },
    ),
    { maxLength: 25 },
  );

// A terminal that is narrowed keeps what is beyond its columns in the alternate screen, and shows it again when it is widened: a keyframe does not.
test.each([
  ["both screens", stepsOf(SEQUENCES, 0)],
  [
    "changes of size",
    stepsOf(
      SEQUENCES.filter((sequence) => !ALTERNATE.test(sequence)),
      1,
    ),
  ],
])(
  "from any keyframe on a screen is the one that was given everything: %s",
  (_, steps) => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const compared = compare(before, after);
        if (!compared) return;
        expect(compared.at[0]).toEqual(compared.at[1]);
        expect(compared.after[0]).toEqual(compared.after[1]);
      }),
      { numRuns: 600 },
    );
  },
  120_000,
);
