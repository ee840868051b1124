import { expect, test } from "vitest";
import { axisTicks, describeBucket, nudgeBrush, scaleOf, snapToBuckets } from "./histogram-scale.ts";

test("lines are round and below the tallest bar", () => {
  expect(scaleOf(260).lines).toEqual([100, 200]);
  expect(scaleOf(67).lines).toEqual([25, 50]);
  expect(scaleOf(1).lines).toEqual([1]);
  expect(scaleOf(0).lines).toEqual([]);
  for (const tallest of [3, 9, 14, 99, 1234, 98_765]) {
    const { top, lines } = scaleOf(tallest);
    expect(top).toBeGreaterThan(tallest);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.every((line) => line <= tallest)).toBe(true);
  }
});

test("a day has a mark every three hours", () => {
  const day = 86_400_000;
  expect(axisTicks(0, day).map((tick) => tick.time / 3_600_000)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24]);
});

test("bucket widths are written in their largest unit", () => {
  expect([10, 60, 600, 3600, 86_400].map(describeBucket)).toEqual(["10 s", "1 min", "10 min", "1 h", "1 d"]);
});

const STARTS = [0, 10, 20, 30];

test("a drag covers the buckets that it touches, in either direction", () => {
  expect(snapToBuckets({ from: 12, to: 21 }, STARTS, 40)).toEqual({ from: 10, to: 30 });
  expect(snapToBuckets({ from: 35, to: 12 }, STARTS, 40)).toEqual({ from: 10, to: 40 });
  expect(snapToBuckets({ from: 12, to: 12 }, STARTS, 40)).toEqual({ from: 10, to: 20 });
  expect(snapToBuckets({ from: 1, to: 2 }, [], 40)).toBeNull();
});

test("an edge moves by buckets and stops at the other edge and at the ends", () => {
  expect(nudgeBrush({ from: 10, to: 30 }, "from", -1, STARTS, 40)).toEqual({ from: 0, to: 30 });
  expect(nudgeBrush({ from: 0, to: 30 }, "from", -1, STARTS, 40)).toEqual({ from: 0, to: 30 });
  expect(nudgeBrush({ from: 20, to: 30 }, "from", 1, STARTS, 40)).toEqual({ from: 20, to: 30 });
  expect(nudgeBrush({ from: 20, to: 30 }, "to", 1, STARTS, 40)).toEqual({ from: 20, to: 40 });
});
