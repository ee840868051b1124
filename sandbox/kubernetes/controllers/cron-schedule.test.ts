import { expect, test } from "vitest";
import { isDue } from "./cron-schedule.ts";

test.each([
  ["*/30 * * * *", "2026-11-20T10:30:00Z", true],
  ["*/30 * * * *", "2026-11-20T10:31:00Z", false],
  ["0 */6 * * *", "2026-11-20T18:00:00Z", true],
  ["15 2 * * 1-5", "2026-11-20T02:15:00Z", true],
  ["15 2 * * 1-5", "2026-11-21T02:15:00Z", false],
  ["0 0 1,15 * *", "2026-11-15T00:00:00Z", true],
  ["0 0 13 * 5", "2026-11-20T00:00:00Z", true],
  ["@hourly", "2026-11-20T07:00:00Z", true],
  ["@daily", "2026-11-20T07:00:00Z", false],
  ["0 0 * * 7", "2026-11-22T00:00:00Z", true],
])("%s at %s: %s", (schedule, time, due) => {
  expect(isDue(schedule, new Date(time))).toBe(due);
});
