import { expect, test } from "vitest";
import {
  describeInstants,
  describeRange,
  describeSpan,
  instantText,
  isOneDay,
  isOpen,
  problemOfRange,
  RANGE_PRESETS,
  rangeBefore,
  rangeOfAddress,
  rangeOfInstants,
  readRange,
  resolveRange,
  TODAY,
} from "./time-range.ts";

const ZONE = "Europe/Berlin";
const now = Date.parse("2026-11-20T16:42:00Z");
const iso = (range: { from: number; to: number }) => [instantText(range.from), instantText(range.to)];

test("today is the viewer's day, not the server's", () => {
  expect(iso(resolveRange(TODAY, now, ZONE))).toEqual(["2026-11-19T23:00:00Z", "2026-11-20T23:00:00Z"]);
  expect(iso(resolveRange(TODAY, now, "America/New_York"))).toEqual([
    "2026-11-20T05:00:00Z",
    "2026-11-21T05:00:00Z",
  ]);
});

test("a range over midnight is two days, however short; a day of 25 hours is one", () => {
  const between = (from: string, to: string) =>
    isOneDay({ from: Date.parse(from), to: Date.parse(to) }, ZONE);
  expect(between("2026-11-20T22:30:00Z", "2026-11-20T23:30:00Z")).toBe(false);
  expect(between("2026-11-19T16:00:00Z", "2026-11-20T16:00:00Z")).toBe(false);
  expect(between("2026-11-19T23:00:00Z", "2026-11-20T23:00:00Z")).toBe(true);
  expect(between("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")).toBe(true);
});

test("every preset resolves to a range that ends after it starts", () => {
  for (const preset of RANGE_PRESETS) {
    const { from, to } = resolveRange(preset, now, ZONE);
    expect(to).toBeGreaterThan(from);
  }
});

test("what cannot be read, or ends before it starts, is today", () => {
  const today = resolveRange(TODAY, now, ZONE);
  expect(resolveRange({ from: "soon", to: "now" }, now, ZONE)).toEqual(today);
  expect(resolveRange({ from: "now", to: "now-1h" }, now, ZONE)).toEqual(today);
});

test.each([
  ["2026-11-20", "2026-11-19"],
  ["foo", "bar"],
  ["today", "bar"],
])("%s to %s is no range, and is not called today", (from, to) => {
  expect(readRange({ from, to }, now, ZONE)).toBeNull();
  expect(describeRange({ from, to }, now, ZONE)).toBe("Unreadable range");
});

test("what an address leaves out is the usual", () => {
  expect(rangeOfAddress({ from: null, to: null }, TODAY)).toEqual({ from: "today", to: "today" });
  expect(rangeOfAddress({ from: "2026-11-01", to: null }, TODAY)).toEqual({
    from: "2026-11-01",
    to: "today",
  });
});

test("a range is described in the viewer's zone", () => {
  expect(describeRange(TODAY, now, ZONE)).toBe("Today 00:00 – 23:59");
  expect(describeRange({ from: "now-1h", to: "now" }, now, ZONE)).toBe("Last hour");
  expect(describeRange({ from: "2026-10-22", to: "2026-11-20" }, now, ZONE)).toBe("22 Oct – 20 Nov 2026");
  expect(describeRange({ from: "2026-11-20T13:00:00Z", to: "2026-11-20T15:30:00Z" }, now, ZONE)).toBe(
    "20 Nov 14:00 – 16:30",
  );
});

test("a brush within a day is described by its clock times", () => {
  const from = Date.parse("2026-11-20T13:00:00Z");
  expect(describeSpan({ from, to: from + 2.5 * 3_600_000 }, ZONE)).toBe("14:00 – 16:30");
  expect(describeSpan({ from, to: resolveRange(TODAY, now, ZONE).to }, ZONE)).toBe("14:00 – 24:00");
});

test("an empty day is compared with the day before, also when clocks change", () => {
  const afterChange = Date.parse("2026-10-26T10:00:00Z");
  const { range, name } = rangeBefore(TODAY, afterChange, ZONE);
  expect(name).toBe("Yesterday");
  expect(range.to - range.from).toBe(25 * 3_600_000);
});

test("only a range that reaches now is open", () => {
  expect(isOpen(resolveRange(TODAY, now, ZONE), now)).toBe(true);
  expect(isOpen(resolveRange({ from: "yesterday", to: "yesterday" }, now, ZONE), now)).toBe(false);
});

test("instants survive the URL", () => {
  const range = { from: now, to: now + 1234 };
  expect(resolveRange(rangeOfInstants(range), now, ZONE)).toEqual(range);
});

test("both years are named where they differ", () => {
  expect(describeRange({ from: "2001-01-01", to: "2030-01-01" }, now, "UTC")).toBe("1 Jan 2001 – 1 Jan 2030");
  const newYear = { from: Date.parse("2026-12-31T22:00:00Z"), to: Date.parse("2027-01-01T02:00:00Z") };
  expect(describeInstants(newYear, "UTC")).toBe("31 Dec 2026 22:00 – 1 Jan 2027 02:00");
});

test("ends in the hour that the clocks show twice carry their offset", () => {
  const from = Date.parse("2026-10-25T00:30:00Z");
  expect(describeSpan({ from, to: from + 3_600_000 }, ZONE)).toBe("02:30 UTC+2 – 02:30 UTC+1");
});

test("a range is refused that ends before it starts, is too long, or lies before what is kept", () => {
  const day = 86_400_000;
  const limits = { longestDays: 30, keptFrom: now - 90 * day, timeZone: "UTC" };
  expect(problemOfRange(now - day, now, limits)).toBeNull();
  expect(problemOfRange(now, now - day, limits)).toBe("The end comes before the start");
  expect(problemOfRange(now - 31 * day, now, limits)).toBe("At most 30 days");
  expect(problemOfRange(now - 100 * day, now - 95 * day, limits)).toBe("Kept from 22 Aug 2026 on");
  expect(problemOfRange(now - 100 * day, now - 80 * day, limits)).toBeNull();
  expect(problemOfRange(now - 100 * day, now - 95 * day, { ...limits, keptFrom: null })).toBeNull();
});
