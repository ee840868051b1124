import { expect, test } from "vitest";
import { fromDay, fromWallTime, toDay, toWallTime } from "./wall-time.ts";

test("an instant goes to the clock and back", () => {
  const time = Date.parse("2026-11-20T23:30:00Z");
  const wall = toWallTime(time, "Europe/Berlin");
  expect(wall).toEqual({ day: "2026-11-21", clock: "00:30" });
  expect(fromWallTime(wall, "Europe/Berlin")).toBe(time);
});

test("24:00 is the next midnight", () => {
  expect(fromWallTime({ day: "2026-11-20", clock: "24:00" }, "UTC")).toBe(Date.parse("2026-11-21T00:00:00Z"));
});

test.each(["", "25:00", "10:61", "noon", "24:01"])("%s is no clock time", (clock) => {
  expect(fromWallTime({ day: "2026-11-20", clock }, "UTC")).toBeNull();
});

test("days go to a calendar and back", () => {
  const date = fromDay("2026-02-28");
  expect(date && toDay(date)).toBe("2026-02-28");
  expect(fromDay("2026-2")).toBeNull();
});
