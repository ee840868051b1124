import { describe, expect, it } from "vitest";
import { bucketStarts, bucketWidth } from "./buckets.ts";

const HOUR = 3_600_000;
const window = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) });
const startsOf = (from: string, to: string, timeZone: string) => {
  const range = window(from, to);
  return bucketStarts(range, bucketWidth(range), timeZone).map((start) => new Date(start).toISOString());
};

describe("bucketWidth", () => {
  it.each([
    ["2026-11-20T10:00:00Z", "2026-11-20T10:01:00Z", 1_000],
    ["2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z", 60_000],
    ["2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", 600_000],
    ["2026-11-13T00:00:00Z", "2026-11-20T00:00:00Z", 3 * HOUR],
    ["2026-10-21T00:00:00Z", "2026-11-20T00:00:00Z", 6 * HOUR],
    ["2016-01-01T00:00:00Z", "2026-01-01T00:00:00Z", 28 * 24 * HOUR],
  ])("%s to %s", (from, to, width) => {
    expect(bucketWidth(window(from, to))).toBe(width);
  });
});

describe("bucketStarts", () => {
  it("starts on the zone's clock times, the first before the window where that is not one", () => {
    const starts = startsOf("2026-11-13T00:10:00Z", "2026-11-20T00:10:00Z", "Asia/Kolkata");
    expect(starts[0]).toBe("2026-11-12T21:30:00.000Z");
    expect(starts.at(-1)).toBe("2026-11-19T21:30:00.000Z");
    expect(starts).toHaveLength(57);
  });

  it("has days of 23 and 25 hours where clocks change", () => {
    const range = window("2026-03-01T00:00:00+01:00", "2026-11-01T00:00:00+01:00");
    const starts = bucketStarts(range, 24 * HOUR, "Europe/Berlin");
    const lengths = starts.slice(1).map((start, index) => (start - starts[index]!) / HOUR);
    expect([...new Set(lengths)].toSorted()).toEqual([23, 24, 25]);
    expect(starts.every((start, index) => index === 0 || start > starts[index - 1]!)).toBe(true);
  });

  it.each([
    ["Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 150],
    ["America/New_York", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", 150],
    ["Australia/Lord_Howe", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z", 147],
    ["Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 138],
    ["Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z", 120],
  ])(
    "has buckets of one length in %s where clocks are turned within %s to %s",
    (timeZone, from, to, count) => {
      const range = window(from, to);
      const starts = bucketStarts(range, bucketWidth(range), timeZone);
      expect(starts[0]).toBe(Date.parse(from));
      expect(starts).toHaveLength(count);
      const lengths = [...starts.slice(1), Date.parse(to)].map((start, index) => start - starts[index]!);
      expect(new Set(lengths)).toEqual(new Set([bucketWidth(range)]));
    },
  );

  it.each([
    ["Europe/Berlin", "2026-10-24T22:00:00Z", 4],
    ["Atlantic/Azores", "2026-10-25T00:00:00Z", 4],
    ["Europe/Berlin", "2026-03-28T23:00:00Z", 2],
  ])(
    "has a longer or shorter one among wider buckets in %s, from the window's start on",
    (timeZone, from, hours) => {
      const range = { from: new Date(from), to: new Date(Date.parse(from) + 7 * 24 * HOUR) };
      const starts = bucketStarts(range, 3 * HOUR, timeZone);
      expect(starts[0]).toBe(Date.parse(from));
      const lengths = starts.slice(1).map((start, index) => (start - starts[index]!) / HOUR);
      expect([...new Set(lengths)].toSorted()).toEqual([3, hours].toSorted());
    },
  );

  it("has no bucket for a day that a zone left out", () => {
    const range = window("2011-12-29T10:00:00Z", "2012-01-01T10:00:00Z");
    const starts = bucketStarts(range, 24 * HOUR, "Pacific/Apia").map((start) =>
      new Date(start).toISOString(),
    );
    expect(starts).toEqual([
      "2011-12-29T10:00:00.000Z",
      "2011-12-30T10:00:00.000Z",
      "2011-12-31T10:00:00.000Z",
    ]);
  });
});
