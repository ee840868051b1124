import { expect, test } from "vitest";
import type { SegmentEvent } from "../../../../../../../lib/recordings/playback/schema.ts";
import { readableLine, StreamLines } from "./stream-lines.ts";

const SNAPSHOT = { columns: 80, rows: 24, init: "" };
const shown = (lines: StreamLines) => lines.current().flatMap((block) => block.lines);
const told = (lines: StreamLines) => shown(lines).map(({ stream, text }) => `${stream}: ${text}`);

test("stdout and stderr are told apart, each line where it began", async () => {
  const lines = new StreamLines();
  await lines.show({ ...SNAPSHOT, init: "before\n" }, [
    [10, "o", "one\ntw"],
    [20, "o", "o\n"],
    [30, "o", "thr"],
    [31, "e", "warning\n"],
    [32, "o", "ee\n"],
    [33, "r", "100x30"],
    [34, "i", "typed\n"],
  ]);
  expect(told(lines)).toEqual([
    "null: before",
    "stdout: one",
    "stdout: two",
    "stdout: thr",
    "stderr: warning",
    "stdout: ee",
  ]);
  expect(shown(lines).map(({ atMs }) => atMs)).toEqual([0, 10, 10, 30, 31, 32]);
});

test("what is added goes on; what is shown anew begins anew", async () => {
  const lines = new StreamLines();
  await lines.show(SNAPSHOT, [[0, "o", "a"]]);
  await lines.add([[5, "o", "b\n"]]);
  expect(told(lines)).toEqual(["stdout: ab"]);
  await lines.show(SNAPSHOT, [[7, "e", "c\n"]]);
  expect(told(lines)).toEqual(["stderr: c"]);
});

test("a block that is full stays as it is, and only so many are kept", async () => {
  const lines = new StreamLines();
  const flood = (count: number): SegmentEvent[] =>
    Array.from({ length: count }, (_, at) => [at, "o", `line ${at}\n`]);
  await lines.show(SNAPSHOT, flood(150));
  const [first] = lines.current();
  await lines.add(flood(100));
  expect(lines.current()[0]).toBe(first);
  await lines.add(flood(20_000));
  expect(shown(lines).length).toBeLessThanOrEqual(4_000);
  expect(shown(lines).at(-1)?.text).toBe("line 19999");
});

test.each([
  ["\u001b[31mERROR\u001b[0m of \u001b]0;title\u0007it", "ERROR of it"],
  ["10%\r50%\r100%", "100%"],
  ["done\r", "done"],
  ["a\tb\u0000\u0008c", "a\tbc"],
  ["\u001b(B\u001b=plain", "plain"],
  ["größe 漢字 🙂", "größe 漢字 🙂"],
])("%j is read as %j", (raw, read) => expect(readableLine(raw)).toBe(read));
