import { expect, test } from "vitest";
import fc from "../../../../test/properties.ts";
import { TerminalScreen } from "../screen/terminal-screen.ts";
import { PlainLines } from "./plain-lines.ts";
import { rendersWhateverIsShown } from "./testing/hostile-output.ts";
import { TooMuchWork, WorkBudget } from "./work-budget.ts";

test("whatever is shown is rendered", async () => {
  await fc.assert(rendersWhateverIsShown, { numRuns: 150 });
}, 300_000);

test.each([
  ["repeats a character without end", "x\x1b[2147483647b"],
  ["inserts lines without end", "\x1b[2147483647L"],
  ["deletes lines without end", "\x1b[2147483647M"],
  ["scrolls without end", "\x1b[2147483647S\x1b[2147483647T"],
  ["tabs without end", "\x1b[2147483647I\x1b[2147483647Z"],
  ["inserts columns without end", "\x1b[2147483647'}\x1b[2147483647'~"],
  ["names a title of ten megabytes", `\x1b]0;${"x".repeat(10_000_000)}\x07`],
  ["puts a million marks on one letter", `e${"\u0301".repeat(1_000_000)}`],
])("output that %s leaves a screen that is soon there, and small", (_, text) => {
  const screen = new TerminalScreen({ columns: 65_535, rows: 65_535 });
  screen.write(text);
  screen.write("\x07\x1b\\\r\nafter");
  expect([screen.terminal.cols, screen.terminal.rows]).toEqual([1_000, 500]);
  const keyframe = screen.keyframe()!;
  expect(keyframe).toContain("after");
  expect(keyframe.length).toBeLessThan(1_000_000);
});

test.each([
  ["goes back to the line's start without end", `${"\r".repeat(4_000_000)}after`],
  ["begins sequences that it does not end", `${"\x1b[0".repeat(1_000_000)}\rafter`],
  ["names a title that does not end", `\x1b]0;${"x".repeat(4_000_000)}\x07after`],
])("without a terminal, output that %s is one line soon", (_, text) => {
  const lines: string[] = [];
  const told = { line: (line: { text: string }) => void lines.push(line.text) };
  new PlainLines({ columns: 80, rows: 24 }, { told }).write("stdout", `${text}\r\r\n`, 0);
  expect(lines).toEqual(["after"]);
});

test("a terminal gets no more of a processor than its output is worth", () => {
  const budget = new WorkBudget({ seconds: 0.05, secondsPerMegabyte: 0 });
  expect(() => {
    for (;;) budget.spend();
  }).toThrow(TooMuchWork);
});
