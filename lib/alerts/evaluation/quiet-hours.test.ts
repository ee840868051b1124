import { expect, test } from "vitest";
import { isQuiet } from "./quiet-hours.ts";

const NIGHT = { from: "22:00", to: "07:00", timeZone: "Europe/Berlin", days: [1, 2, 3, 4, 5] };

test.each<[string, string, boolean]>([
  ["before they begin", "2026-11-27T20:59:00Z", false],
  ["once they begin, by the zone's clocks", "2026-11-27T21:00:00Z", true],
  ["after midnight, of the day on which they began", "2026-11-28T05:59:00Z", true],
  ["when they end", "2026-11-28T06:00:00Z", false],
  ["on a day that is none of theirs", "2026-11-28T21:30:00Z", false],
])("%s", (_when, time, quiet) => {
  expect(isQuiet(NIGHT, Date.parse(time))).toBe(quiet);
});

test("none, or what is not understood, is never quiet", () => {
  for (const kept of [null, {}, { ...NIGHT, timeZone: "Nowhere/Here" }, { ...NIGHT, from: "25:00" }])
    expect(isQuiet(kept, Date.parse("2026-11-27T23:00:00Z"))).toBe(false);
});
