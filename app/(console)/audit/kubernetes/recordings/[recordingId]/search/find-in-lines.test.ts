import { expect, test } from "vitest";
import { findInLines, type ShownLine } from "./find-in-lines.ts";

const line = (...texts: string[]): ShownLine<{ text: string }> => ({
  pieces: texts.map((text) => ({ text })),
  isWrapped: false,
});
const wrapped = (...texts: string[]) => ({ ...line(...texts), isWrapped: true });

/** What each match covers. */
function covered(lines: ShownLine<{ text: string }>[], wanted: string): string[] {
  const pieces = lines.flatMap((each) => each.pieces);
  return findInLines(lines, wanted).map(({ start, end }) => {
    const [from, to] = [pieces.indexOf(start.piece), pieces.indexOf(end.piece)];
    return pieces
      .slice(from, to + 1)
      .map(({ text }, at) =>
        text.slice(at === 0 ? start.offset : 0, at === to - from ? end.offset : undefined),
      )
      .join("|");
  });
}

test("in one piece, in several, and as often as it is there", () => {
  expect(covered([line("a timeout, a TimeOut")], "timeout")).toEqual(["timeout", "TimeOut"]);
  expect(covered([line("time", "out ", "time", "", "out")], "timeout")).toEqual(["time|out", "time||out"]);
});

test("over the edge of a line that goes on, not over the end of one", () => {
  expect(covered([line("acquire time"), wrapped("out after")], "timeout")).toEqual(["time|out"]);
  expect(covered([line("acquire time"), line("out after")], "timeout")).toEqual([]);
  expect(findInLines([line("x"), line("tim"), wrapped("eout")], "timeout")[0]?.line).toBe(1);
});

test("signs of patterns are signs, and a blank is a blank however it is drawn", () => {
  expect(covered([line("a.b (c) [d]* $e \\f")], "(c) [d]* $e \\f")).toEqual(["(c) [d]* $e \\f"]);
  expect(covered([line("axb")], "a.b")).toEqual([]);
  expect(covered([line("rm\u00a0-rf")], "rm -rf")).toEqual(["rm\u00a0-rf"]);
});

test("letters that change their length in another case keep their place", () => {
  expect(covered([line("İİİ größe ﬀ end")], "end")).toEqual(["end"]);
});

test("a screen full of it is marked up to a bound", () => {
  expect(
    findInLines(
      Array.from({ length: 60 }, () => line("a".repeat(200))),
      "a",
    ).length,
  ).toBe(500);
});
