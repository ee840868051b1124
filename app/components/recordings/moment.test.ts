import { expect, test } from "vitest";
import {
  formatPosition,
  formatPositionIn,
  readMoment,
  speakPosition,
  speakPositionIn,
  writeMoment,
} from "./moment.ts";

test.each([
  [0, "00:00", "0 seconds"],
  [492_999, "08:12", "8 minutes 12 seconds"],
  [3_767_000, "1:02:47", "1 hour 2 minutes 47 seconds"],
  [360_000_000, "100:00:00", "100 hours"],
])("%i ms is shown as %s and read out as %s", (milliseconds, shown, spoken) => {
  expect(formatPosition(milliseconds)).toBe(shown);
  expect(speakPosition(milliseconds)).toBe(spoken);
});

test.each([
  [740, 0, "00:00.0", "0 seconds"],
  [740, 740, "00:00.7", "0.7 seconds"],
  [9_999, 3_050, "00:03.0", "3 seconds"],
  [10_000, 3_950, "00:03", "3 seconds"],
])("of %i ms, %i ms is shown as %s and read out as %s", (durationMs, milliseconds, shown, spoken) => {
  expect(formatPositionIn(durationMs, milliseconds)).toBe(shown);
  expect(speakPositionIn(durationMs, milliseconds)).toBe(spoken);
});

test.each([
  ["492", 492_000],
  ["492.5", 492_500],
  ["0.001", 1],
  ["08:12", 492_000],
  ["1:02:47", 3_767_000],
])("?t=%s is %i ms", (text, milliseconds) => expect(readMoment(text)).toBe(milliseconds));

test.each([null, "", "now", "-3", "1e3", "1:2:3:4", "12:", "0x10", "9".repeat(30)])(
  "?t=%s names no moment",
  (text) => expect(readMoment(text)).toBeNull(),
);

test("what is written is read again", () => {
  for (const milliseconds of [0, 1, 999, 1_000, 492_512, 86_400_000]) {
    expect(readMoment(writeMoment(milliseconds))).toBe(milliseconds);
  }
});
