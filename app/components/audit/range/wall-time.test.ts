import { expect, test } from "vitest";
import { fromDay, fromWallTime, problemOfWallTime, toDay, toWallTime } from "./wall-time.ts";

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

test("seconds are kept where there are any", () => {
  const time = Date.parse("2026-11-20T10:00:20Z");
  const wall = toWallTime(time, "UTC");
  expect(wall).toEqual({ day: "2026-11-20", clock: "10:00:20" });
  expect(fromWallTime(wall, "UTC")).toBe(time);
});

test("spaces around what was pasted do not matter", () => {
  const pasted = { day: " 2026-11-20 ", clock: " 10:00 " };
  expect(problemOfWallTime(pasted)).toBeNull();
  expect(fromWallTime(pasted, "UTC")).toBe(Date.parse("2026-11-20T10:00:00Z"));
  expect(fromDay(pasted.day)).toEqual(new Date(2026, 10, 20));
});

test.each([
  ["2026-02-31", "10:00", "There is no day 2026-02-31"],
  ["2026-13-01", "10:00", "There is no day 2026-13-01"],
  ["20.11.2026", "10:00", "Write the day as 2026-11-20"],
  ["0001-01-01", "10:00", "Write a year from 2000 to 2100"],
  ["2026-11-20", "noon", "Write the time as 16:30 or 16:30:15"],
  ["2028-02-29", "24:00", null],
])("%s %s: %s", (day, clock, problem) => {
  expect(problemOfWallTime({ day, clock })).toBe(problem);
});

test.each(["2026-02-31", "2026-13-01", "2027-02-29"])("%s is no day", (day) => {
  expect(fromWallTime({ day, clock: "10:00" }, "UTC")).toBeNull();
  expect(fromDay(day)).toBeNull();
});
