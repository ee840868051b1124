import { expect, test } from "vitest";
import { formatAgo, formatAhead } from "./format-ago.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test("the unit fits the length", () => {
  expect(formatAgo(12_000)).toBe("just now");
  expect(formatAgo(5 * 60_000)).toBe("5 min ago");
  expect(formatAgo(3 * HOUR)).toBe("3 h ago");
  expect(formatAgo(2 * DAY)).toBe("2 d ago");
  expect(formatAgo(100 * DAY)).toBe("3 months ago");
  expect(formatAgo(800 * DAY)).toBe("2 years ago");
});

test("what is to come is told from what was", () => {
  expect(formatAhead(30_000)).toBe("in less than a minute");
  expect(formatAhead(7 * DAY)).toBe("in 7 d");
});
