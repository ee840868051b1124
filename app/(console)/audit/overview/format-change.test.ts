import { expect, test } from "vitest";
import { formatChange, formatShare } from "./format-change.ts";

test("a change is told against the number before", () => {
  expect(formatChange(0, 0)).toBe("none before either");
  expect(formatChange(7, 0)).toBe("none in the span before");
  expect(formatChange(1000, 1001)).toBe("as many as before (1,001)");
  expect(formatChange(1120, 1000)).toBe("12 % more than before (1,000)");
  expect(formatChange(500, 1000)).toBe("50 % fewer than before (1,000)");
  expect(formatChange(3500, 1000)).toBe("3.5 times the 1,000 before");
  expect(formatChange(60_010, 2)).toBe("only 2 before");
});

test("a share is never rounded to nothing", () => {
  expect(formatShare(0, 0)).toBe("–");
  expect(formatShare(0, 10)).toBe("0 %");
  expect(formatShare(1, 100_000)).toBe("< 0.1 %");
  expect(formatShare(32, 1000)).toBe("3.2 %");
  expect(formatShare(456, 2762)).toBe("17 %");
});
