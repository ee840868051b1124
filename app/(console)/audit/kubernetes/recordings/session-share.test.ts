import { expect, test } from "vitest";
import { sessionShare } from "./session-share.ts";

test.each([
  [0, 4],
  [1_000, 4],
  [60_000, 42],
  [3_600_000, 80],
  [8 * 3_600_000, 100],
  [7 * 24 * 3_600_000, 100],
])("%d ms fill %d per cent of the bar", (milliseconds, share) => {
  expect(sessionShare(milliseconds)).toBe(share);
});
