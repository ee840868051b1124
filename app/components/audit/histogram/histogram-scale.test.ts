import { expect, test } from "vitest";
import { axisTicks, describeBucket, nudgeBrush, scaleOf, snapToBuckets } from "./histogram-scale.ts";

test("lines are round and below the tallest bar", () => {
  expect(scaleOf(260).lines).toEqual([100, 200]);
  expect(scaleOf(190).lines).toEqual([50, 100, 150]);
  expect(scaleOf(67).lines).toEqual([25, 50]);
  expect(scaleOf(1).lines).toEqual([1]);
  expect(scaleOf(0).lines).toEqual([]);
  for (const tallest of [3, 9, 14, 99, 1234, 98_765]) {
    const { top, lines } = scaleOf(tallest);
    expect(top).toBeGreaterThan(tallest);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.every((line) => line <= tallest)).toBe(true);
    expect(lines.at(-1)).toBeGreaterThan(tallest / 2);
  }
});

const clockOf = (time: number) => new Date(time).toISOString().slice(11, 16);

test("a day has a mark every three hours", () => {
  const day = Date.parse("2026-11-20T00:00:00Z");
  const ticks = axisTicks(day, day + 86_400_000, "UTC");
  expect(ticks.map(({ time }) => clockOf(time))).toEqual([
    ...["00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "00:00"],
  ]);
  expect(ticks.map(({ at }) => at)).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]);
});

test("a part of a day is marked at round times of the viewer's clocks", () => {
  const from = Date.parse("2026-11-20T08:40:00Z");
  const ticks = axisTicks(from, from + 5 * 3_600_000, "Asia/Kolkata");
  expect(ticks.map(({ time }) => clockOf(time + 5.5 * 3_600_000))).toEqual([
    "15:00",
    "16:00",
    "17:00",
    "18:00",
    "19:00",
  ]);
});

test("a day of 25 hours still has its marks on the clock", () => {
  const from = Date.parse("2026-10-24T22:00:00Z");
  const ticks = axisTicks(from, from + 25 * 3_600_000, "Europe/Berlin");
  expect(ticks.at(-1)?.at).toBe(1);
  expect(ticks[1]?.time).toBe(Date.parse("2026-10-25T02:00:00Z"));
});

test("thirty days have at most nine marks", () => {
  const from = Date.parse("2026-10-22T22:00:00Z");
  expect(axisTicks(from, from + 30 * 86_400_000, "Europe/Berlin").length).toBeLessThanOrEqual(9);
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
