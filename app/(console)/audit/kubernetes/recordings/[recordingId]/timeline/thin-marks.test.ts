import { expect, test } from "vitest";
import { activityPath } from "./activity-path.ts";
import { thinMarks } from "./thin-marks.ts";

test("marks that would stand on another are left out, but for one that failed", () => {
  const marks = Array.from({ length: 10_000 }, (_, at) => ({ atMs: at * 100, failed: at === 5_001 }));
  const kept = thinMarks(marks, 1_000_000);
  expect(kept.length).toBeLessThanOrEqual(401);
  expect(kept.filter(({ failed }) => failed)).toEqual([{ atMs: 500_100, failed: true }]);
  expect(thinMarks([{ atMs: 0 }, { atMs: 900 }], 1_000)).toHaveLength(2);
  expect(thinMarks([{ atMs: 0 }], 0)).toHaveLength(1);
});

test("a bar for each part, also where nothing was shown", () => {
  const path = activityPath([0, 0, 5_000_000, 12]);
  expect(path.match(/M/g)).toHaveLength(4);
  expect(path).not.toContain("NaN");
  expect(activityPath([0, 0]).match(/v1h/g)).toHaveLength(2);
});
