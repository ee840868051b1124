import { LRUCache } from "lru-cache";
import { type Hours, WEEKDAYS, type Weekday } from "./conditions/schema.ts";
import type { Standing } from "./standing.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Of what the wall clocks of a zone show. */
export interface Window {
  /** Null: the whole day. */
  hours: Hours | null;
  /** Null: every day. Hours across midnight belong to the day on which they begin. */
  weekdays: readonly Weekday[] | null;
  timeZone: string;
}

/** Whether the wall clocks of a zone are within the hours and days, and until when that is so or midnight comes. */
export function compileWindow({ hours, weekdays, timeZone }: Window): (time: number) => Standing {
  const offsetAt = compileOffset(timeZone);
  const from = hours === null ? 0 : minutesOf(hours.from);
  const to = hours === null ? 24 * 60 : minutesOf(hours.to);
  const days = new Set((weekdays ?? WEEKDAYS).map((day) => WEEKDAYS.indexOf(day)));
  const bounds = [...new Set([0, from, to, 24 * 60])].sort((a, b) => a - b);
  const isOpen = (day: number, minute: number) =>
    from < to
      ? days.has(day) && minute >= from && minute < to
      : (days.has(day) && minute >= from) || (days.has((day + 6) % 7) && minute < to);

  const look = (time: number): Standing => {
    const offset = offsetAt(time);
    const local = time + offset;
    const midnight = Math.floor(local / DAY_MS) * DAY_MS;
    const minute = (local - midnight) / MINUTE_MS;
    const next = bounds.find((bound) => bound > minute) ?? 24 * 60;
    const previous = bounds.findLast((bound) => bound <= minute) ?? 0;
    const ahead = time + (next - minute) * MINUTE_MS;
    const behind = time - (minute - previous) * MINUTE_MS;
    return {
      holds: isOpen(weekdayOf(midnight), minute),
      since: firstOfOffset(behind, time, offset, offsetAt),
      until: firstOfOther(time, ahead, offset, offsetAt),
    };
  };

  // Each call of the hours asks the same.
  let latest: Standing | null = null;
  return (time) => {
    if (latest === null || time < latest.since || time >= latest.until) latest = look(time);
    return latest;
  };
}

const minutesOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
/** 1970-01-01 was a Thursday; Monday is 0. */
const weekdayOf = (midnight: number) => (((midnight / DAY_MS + 3) % 7) + 7) % 7;

/** One of a zone, for whoever compiles rules many times over: it takes longer to make than to use. */
const formats = new LRUCache<string, Intl.DateTimeFormat>({ max: 500 });

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format = formats.get(timeZone) ?? makeFormat(timeZone);
  formats.set(timeZone, format);
  return format;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    ...{
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    },
  });
}

/** Milliseconds that the wall clocks of the zone are ahead of UTC. */
function compileOffset(timeZone: string): (time: number) => number {
  const format = formatOf(timeZone);
  return (time) => {
    const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(time)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    const wall = Date.UTC(year, month - 1, day, hour, minute, second);
    return wall - Math.floor(time / 1_000) * 1_000;
  };
}

type OffsetAt = (time: number) => number;

/** The first moment after `time`, at most `end`, at which the zone's clocks are set otherwise. */
function firstOfOther(time: number, end: number, offset: number, offsetAt: OffsetAt): number {
  if (offsetAt(end) === offset) return end;
  return bisect(time, end, (at) => offsetAt(at) === offset);
}

/** The first moment, at least `start`, from which on until `time` they are set as now. */
function firstOfOffset(start: number, time: number, offset: number, offsetAt: OffsetAt): number {
  if (offsetAt(start) === offset) return start;
  return bisect(start, time, (at) => offsetAt(at) !== offset);
}

/** Where `isBefore` ends to be so: it is at `low`, and is not at `high`. */
function bisect(low: number, high: number, isBefore: (time: number) => boolean): number {
  let [before, after] = [low, high];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (isBefore(middle)) before = middle;
    else after = middle;
  }
  return after;
}
