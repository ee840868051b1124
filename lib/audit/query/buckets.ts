import { dayOf, offsetAt, wallToInstant } from "../../filter/relative-time.ts";
import type { TimeWindow } from "./schema.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./surface.ts";

const WIDTHS = [
  1_000,
  5_000,
  15_000,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  7 * DAY_MS,
  28 * DAY_MS,
];
const MOST_BUCKETS = 150;

/** The narrowest round width that cuts the window into at most 150 buckets: ten minutes for a day. */
export function bucketWidth({ from, to }: TimeWindow): number {
  const length = to.getTime() - from.getTime();
  return (
    WIDTHS.find((width) => length / width <= MOST_BUCKETS) ??
    Math.ceil(length / MOST_BUCKETS / DAY_MS) * DAY_MS
  );
}

/**
 * Where buckets start: on the zone's clock times that are multiples of the width. The first covers the window's start. Buckets of up to
 * an hour are all of one length; wider ones end on the clock, and are longer or shorter where clocks are turned.
 */
export function bucketStarts({ from, to }: TimeWindow, width: number, timeZone: string): number[] {
  const first = from.getTime();
  const wall =
    width >= DAY_MS
      ? localMidnight(first, timeZone)
      : Math.floor((first + offsetAt(first, timeZone)) / width) * width;
  const begin = wall - offsetAt(first, timeZone);
  const startAt =
    width <= HOUR_MS
      ? (index: number) => begin + index * width
      : (index: number) => earliestInstant(wall + index * width, timeZone);
  const starts: number[] = [];
  for (let index = 0; index <= 2 * MOST_BUCKETS; index++) {
    const start = startAt(index);
    if (start >= to.getTime()) break;
    // Where clocks leave out a whole bucket, two readings mean one instant.
    if (start !== starts.at(-1)) starts.push(start);
  }
  return starts;
}

/** The first instant at which a zone's clocks show a time: where they are turned back, they show it twice. */
function earliestInstant(wall: number, timeZone: string): number {
  const instant = wallToInstant(wall, timeZone);
  const before = [HOUR_MS, HOUR_MS / 2].find(
    (turned) => instant - turned + offsetAt(instant - turned, timeZone) === wall,
  );
  return instant - (before ?? 0);
}

function localMidnight(time: number, timeZone: string): number {
  const { start } = dayOf(time, timeZone);
  return start + offsetAt(start, timeZone);
}
