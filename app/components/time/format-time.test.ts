import { expect, test } from "vitest";
import {
  formatClock,
  formatClockExactly,
  formatDate,
  formatIsoDay,
  formatMilliseconds,
  formatMoment,
  formatOffset,
} from "./format-time.ts";

const time = Date.parse("2026-11-20T23:29:57.004Z");

test("a time is shown on the clocks of its zone", () => {
  expect(formatClock(time, "Europe/Berlin")).toBe("00:29:57");
  expect(formatClock(time, "America/New_York")).toBe("18:29:57");
  expect(formatMilliseconds(time)).toBe(".004");
  expect(formatDate(time, "Europe/Berlin")).toBe("21 Nov 2026");
  expect(formatIsoDay(time, "UTC")).toBe("2026-11-20");
  expect(formatMoment(time, "UTC")).toBe("20 Nov 2026 at 23:29:57");
});

test("the offset follows the clock change", () => {
  expect(formatOffset(Date.parse("2026-07-01T00:00:00Z"), "Europe/Berlin")).toBe("UTC+2");
  expect(formatOffset(time, "Europe/Berlin")).toBe("UTC+1");
  expect(formatOffset(time, "UTC")).toBe("UTC");
  expect(formatOffset(time, "Asia/Kolkata")).toBe("UTC+5:30");
  expect(formatOffset(time, "America/New_York")).toBe("UTC−5");
});

test("times that the clocks show twice carry their offset, and no others", () => {
  const berlin = (at: string) => formatClockExactly(Date.parse(at), "Europe/Berlin");
  expect(berlin("2026-10-24T23:59:59Z")).toBe("01:59:59");
  expect(berlin("2026-10-25T00:00:00Z")).toBe("02:00:00 UTC+2");
  expect(berlin("2026-10-25T00:30:00Z")).toBe("02:30:00 UTC+2");
  expect(berlin("2026-10-25T01:30:00Z")).toBe("02:30:00 UTC+1");
  expect(berlin("2026-10-25T02:00:00Z")).toBe("03:00:00");
  expect(berlin("2026-03-29T01:30:00Z")).toBe("03:30:00");
  expect(formatMoment(Date.parse("2026-10-25T01:30:00Z"), "Europe/Berlin")).toBe(
    "25 Oct 2026 at 02:30:00 UTC+1",
  );
  expect(formatClockExactly(Date.parse("2026-04-04T15:15:00Z"), "Australia/Lord_Howe")).toBe(
    "01:45:00 UTC+10:30",
  );
});
