import { expect, test } from "vitest";
import { describeProgress, shareDone } from "./export-progress.ts";

const noun = { many: "calls" };

test("rows, size, rate and time left", () => {
  const progress = { rows: 5204, bytes: 3_100_000, total: 11_300, elapsedMs: 2000 };
  expect(describeProgress(progress, noun)).toBe(
    "5,204 of about 11,300 calls, 3.1 MB, 2,600 a second, 2 s left",
  );
  expect(shareDone(progress)).toBeCloseTo(0.46);
});

test("without a total nothing is promised", () => {
  const progress = { rows: 20_000, bytes: 9_000_000, total: null, elapsedMs: 4000 };
  expect(describeProgress(progress, noun)).toBe("20,000 calls, 9 MB, 5,000 a second");
  expect(shareDone(progress)).toBeNull();
});

test("the first moments tell no rate", () => {
  expect(describeProgress({ rows: 10, bytes: 99, total: 100, elapsedMs: 100 }, noun)).toBe(
    "10 of about 100 calls, 99 B",
  );
});
