import { expect, test } from "vitest";
import { PageSizes } from "./page-sizes.ts";

test("every row is on one page, at its place", () => {
  const sizes = new PageSizes([50, 150], 500);
  expect([0, 1, 2, 3].map((page) => [sizes.startOf(page), sizes.sizeOf(page)])).toEqual([
    [0, 50],
    [50, 150],
    [200, 500],
    [700, 500],
  ]);
  for (const row of [0, 49, 50, 199, 200, 699, 700, 100_000]) {
    const page = sizes.pageAt(row);
    expect(sizes.startOf(page)).toBeLessThanOrEqual(row);
    expect(sizes.startOf(page + 1)).toBeGreaterThan(row);
  }
  expect(sizes.pageAt(-7)).toBe(0);
});
