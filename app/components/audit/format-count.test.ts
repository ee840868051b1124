import { expect, test } from "vitest";
import { durationShare, formatBytes, formatCount, formatDuration } from "./format-count.ts";

test.each([
  [6, "6 ms"],
  [999, "999 ms"],
  [1240, "1.24 s"],
  [12_400, "12.4 s"],
  [767_000, "12m 47s"],
  [3_840_000, "1h 04m"],
])("%i ms is %s", (duration, text) => {
  expect(formatDuration(duration)).toBe(text);
});

test.each([
  [76, "76 B"],
  [1000, "1 KB"],
  [41_230, "41 KB"],
  [4_812_000, "4.8 MB"],
  [1_000_000_000, "1 GB"],
])("%i bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test("a count that stopped says so", () => {
  expect(formatCount({ count: 10_000, exact: false })).toBe("10,000+");
  expect(formatCount({ count: 193, exact: true })).toBe("193");
});

test("the duration's bar grows by decades and fits its track", () => {
  expect(durationShare(0)).toBe(4);
  expect(durationShare(84)).toBe(39);
  expect(durationShare(8420)).toBeGreaterThan(95);
  expect(durationShare(3_600_000)).toBe(100);
});
