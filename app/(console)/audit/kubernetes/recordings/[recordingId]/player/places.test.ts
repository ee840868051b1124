import { expect, test } from "vitest";
import { lastAtOrBefore, skipIdleAt } from "./places.ts";

const starts = [0, 10, 10, 25];
const place = (atMs: number) => lastAtOrBefore(starts, atMs, (start) => start);

test("the last that begins at or before a moment", () => {
  expect([-1, 0, 9, 10, 24, 25, 900].map(place)).toEqual([-1, 0, 0, 2, 2, 3, 3]);
  expect(lastAtOrBefore([], 5, (start: number) => start)).toBe(-1);
});

test("idle time is left out, but for a breath at both ends", () => {
  const idle = [
    { fromMs: 1_000, toMs: 61_000 },
    { fromMs: 70_000, toMs: 70_500 },
  ];
  const to = (atMs: number) => skipIdleAt(idle, atMs);
  expect([0, 1_000, 1_399].map(to)).toEqual([0, 1_000, 1_399]);
  expect([1_400, 30_000].map(to)).toEqual([60_600, 60_600]);
  expect([60_700, 65_000, 70_450].map(to)).toEqual([60_700, 65_000, 70_450]);
});
