import { offsetAt, wallToInstant } from "../../../../lib/filter/relative-time.ts";

/** A day of the calendar and a clock time, as text: `2026-11-20`, `16:30`. */
export interface WallTime {
  day: string;
  clock: string;
}

/** What the zone's clocks show at an instant. */
export function toWallTime(time: number, timeZone: string): WallTime {
  const wall = new Date(time + offsetAt(time, timeZone)).toISOString();
  return { day: wall.slice(0, 10), clock: wall.slice(11, 16) };
}

/** The instant of a wall time; null when it is none. `24:00` is the end of the day. */
export function fromWallTime({ day, clock }: WallTime, timeZone: string): number | null {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(clock.trim());
  const midnight = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (!match || Number.isNaN(midnight)) return null;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  const whole = hours === 24 && minutes === 0 && seconds === 0;
  if ((hours > 23 && !whole) || minutes > 59 || seconds > 59) return null;
  return wallToInstant(midnight + ((hours * 60 + minutes) * 60 + seconds) * 1000, timeZone);
}

/** A calendar library's date (local midnight) as a day, and back. */
export function toDay(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function fromDay(day: string): Date | null {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(year, month - 1, date) : null;
}
