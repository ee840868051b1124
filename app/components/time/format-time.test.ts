import { expect, test } from "vitest";
import {
  formatClock,
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
