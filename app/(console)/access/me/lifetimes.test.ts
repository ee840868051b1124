import { expect, test } from "vitest";
import { lifetimeOptions } from "./lifetimes.ts";

const HOUR = 3_600_000;

test("offers nothing longer than the configuration permits, and that last", () => {
  const labels = (longest: number) => lifetimeOptions(longest).map(({ label }) => label);
  expect(labels(7 * 24 * HOUR)).toEqual(["1 hour", "8 hours", "1 day", "7 days, the longest permitted"]);
  expect(labels(12 * HOUR)).toEqual(["1 hour", "8 hours", "12 hours, the longest permitted"]);
  expect(labels(HOUR / 2)).toEqual(["30 minutes, the longest permitted"]);
  expect(Number(lifetimeOptions(7 * 24 * HOUR).at(-1)?.value)).toBe(7 * 24 * HOUR);
});
