import { offsetAt, wallToInstant } from "../../../../lib/filter/relative-time.ts";

/** A day of the calendar and a clock time, as text: `2026-11-20`, `16:30` or `16:30:15`. */
export interface WallTime {
  day: string;
  clock: string;
}

/** Ranges that anybody means lie in these years. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2100;

/** What the zone's clocks show at an instant; seconds where there are any. */
export function toWallTime(time: number, timeZone: string): WallTime {
  const wall = new Date(time + offsetAt(time, timeZone)).toISOString();
  return { day: wall.slice(0, 10), clock: wall.slice(11, wall.slice(17, 19) === "00" ? 16 : 19) };
}

/** The instant of a wall time; null when it is none. `24:00` is the end of the day. */
export function fromWallTime({ day, clock }: WallTime, timeZone: string): number | null {
  const midnight = readDay(day);
  const reading = readClock(clock);
  return midnight === null || reading === null ? null : wallToInstant(midnight + reading, timeZone);
}

/** What is wrong with a wall time, and what to write; null where nothing is. */
export function problemOfWallTime({ day, clock }: WallTime): string | null {
  const midnight = readDay(day);
  if (midnight === null) {
    return DAY.test(day.trim()) ? `There is no day ${day.trim()}` : "Write the day as 2026-11-20";
  }
  const year = new Date(midnight).getUTCFullYear();
  if (year < FIRST_YEAR || year > LAST_YEAR) return `Write a year from ${FIRST_YEAR} to ${LAST_YEAR}`;
  return readClock(clock) === null ? "Write the time as 16:30 or 16:30:15" : null;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Midnight UTC of a day that the calendar has. */
function readDay(text: string): number | null {
  const day = text.trim();
  const midnight = DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // The 31st of February would be read as the 3rd of March.
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day) ? midnight : null;
}

/** Milliseconds since midnight. */
function readClock(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
  if (!match) return null;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  const whole = hours === 24 && minutes === 0 && seconds === 0;
  if ((hours > 23 && !whole) || minutes > 59 || seconds > 59) return null;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** A calendar library's date (local midnight) as a day, and back. */
export function toDay(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function fromDay(text: string): Date | null {
  const midnight = readDay(text);
  if (midnight === null) return null;
  const day = new Date(midnight);
  return new Date(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate());
}
