import { expect, test } from "vitest";
import { barHeights } from "./bar-heights.ts";

test("bars are as high as their counts", () => {
  expect(barHeights({ success: 60, failure: 20 }, 100)).toEqual({ success: 60, failure: 20 });
  expect(barHeights({ success: 100, failure: 0 }, 100)).toEqual({ success: 100, failure: 0 });
  expect(barHeights({ success: 0, failure: 0 }, 100)).toEqual({ success: 0, failure: 0 });
});

test("beside one tall bar, hours of mostly successful calls stay mostly successful", () => {
  const { success, failure } = barHeights({ success: 49, failure: 1 }, 11_000);
  expect(success / (success + failure)).toBeGreaterThan(0.6);
  expect(failure).toBeGreaterThan(1.5);
});

test("a single failure, and a single success, are seen in a tall bar", () => {
  expect(barHeights({ success: 9_999, failure: 1 }, 10_000).failure).toBeGreaterThan(1.5);
  expect(barHeights({ success: 1, failure: 9_999 }, 10_000).success).toBeGreaterThan(1.5);
});

test("a bar of failures alone has nothing of a success", () => {
  expect(barHeights({ success: 0, failure: 3 }, 11_000).success).toBe(0);
});
