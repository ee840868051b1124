/** When "now" is and whose day "today" is. */
export interface TimeReference {
  now: Date;
  /** IANA name, e.g. `Europe/Berlin`. */
  timeZone: string;
}

/** Milliseconds since the epoch, `end` excluded. An instant is one millisecond wide, a date a day. */
export interface TimeSpan {
  start: number;
  end: number;
}

export const TIME_TAKES =
  "an RFC 3339 time (2026-11-20T16:30:00Z), a date (2026-11-20), now, now-2h, today, today-7d or yesterday";

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const RELATIVE = /^(now|today|yesterday)(?:([+-])(\d{1,6})([smhdw]))?$/;
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const DATE_TIME =
  /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([Zz]|[+-]\d{2}:\d{2})?$/;

/** Reads a time as the filter language writes it; null when it is none. Times without an offset are in the reference's zone. */
export function resolveTime(text: string, reference: TimeReference): TimeSpan | null {
  const relative = RELATIVE.exec(text);
  if (relative) return resolveRelative(relative, reference);
  const date = DATE.exec(text);
  if (date) return daySpan(readDay(date), reference.timeZone);
  const time = DATE_TIME.exec(text);
  return time ? resolveDateTime(time, reference.timeZone) : null;
}

/** Whether the text is a time at all. */
export function isTime(text: string): boolean {
  return resolveTime(text, { now: new Date(0), timeZone: "UTC" }) !== null;
}

function resolveRelative(match: RegExpExecArray, { now, timeZone }: TimeReference): TimeSpan | null {
  const [, base, sign, amount, unit = "s"] = match;
  const count = (sign === "-" ? -1 : 1) * Number(amount ?? 0);
  if (base === "now") return instant(now.getTime() + count * (UNITS[unit] ?? 0));
  const today = dayIn(now.getTime(), timeZone);
  const offset = base === "yesterday" ? -1 : 0;
  if (unit === "d" || unit === "w") {
    return daySpan(addDays(today, offset + count * (unit === "w" ? 7 : 1)), timeZone);
  }
  const day = daySpan(addDays(today, offset), timeZone);
  if (!day || !amount) return day;
  return instant(day.start + count * (UNITS[unit] ?? 0));
}

interface Day {
  year: number;
  month: number;
  day: number;
}

function readDay([, year, month, day]: RegExpExecArray): Day {
  return { year: Number(year), month: Number(month), day: Number(day) };
}

function resolveDateTime(match: RegExpExecArray, timeZone: string): TimeSpan | null {
  const day = readDay(match);
  const [, , , , hour, minute, second = "0", fraction = "0", offset] = match;
  const local = utcOf(day);
  if (local === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const clock = Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1_000;
  const wall = local + clock + Math.trunc(Number(`0.${fraction}`) * 1_000);
  if (!offset) return instant(wallToInstant(wall, timeZone));
  if (offset === "Z" || offset === "z") return instant(wall);
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  if (hours > 23 || minutes > 59) return null;
  return instant(wall - (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000);
}

const instant = (start: number): TimeSpan | null =>
  Math.abs(start) <= 8.64e15 ? { start, end: start + 1 } : null;

/** Date.UTC takes the years 0 to 99 for those of the twentieth century. */
function midnightUtc(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date;
}

/** Midnight UTC of a calendar day; null when the calendar has no such day. */
function utcOf({ year, month, day }: Day): number | null {
  const check = midnightUtc(year, month - 1, day);
  return check.getUTCFullYear() === year && check.getUTCMonth() === month - 1 && check.getUTCDate() === day
    ? check.getTime()
    : null;
}

function addDays(day: Day, count: number): Day {
  const moved = midnightUtc(day.year, day.month - 1, day.day + count);
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

function daySpan(day: Day, timeZone: string): TimeSpan | null {
  const wall = utcOf(day);
  const next = utcOf(addDays(day, 1));
  if (wall === null || next === null) return null;
  return { start: wallToInstant(wall, timeZone), end: wallToInstant(next, timeZone) };
}

/** The day that an instant belongs to in a time zone, as `[start, end)`. 23 or 25 hours long when clocks change. */
export function dayOf(time: number, timeZone: string): TimeSpan {
  const span = daySpan(dayIn(time, timeZone), timeZone);
  if (!span) throw new RangeError(`no calendar day at ${time}`);
  return span;
}

function dayIn(time: number, timeZone: string): Day {
  const wall = new Date(time + offsetAt(time, timeZone));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
}

/** The instant at which a zone's clocks show `wall` (a clock reading, as if it were UTC). A skipped reading moves forward. */
export function wallToInstant(wall: number, timeZone: string): number {
  const first = wall - offsetAt(wall, timeZone);
  const second = wall - offsetAt(first, timeZone);
  return offsetAt(second, timeZone) === wall - second ? second : Math.max(first, second);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds that a zone's clocks are ahead of UTC at an instant. Throws RangeError for an unknown zone. */
export function offsetAt(time: number, timeZone: string): number {
  if (timeZone === "UTC") return 0;
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset", hour: "2-digit" });
    formats.set(timeZone, format);
  }
  const name = format.formatToParts(time).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  const offset = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(name);
  if (!offset?.[1]) return 0;
  const [, sign, hours, minutes, seconds = "0"] = offset;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
}

/** Whether the runtime knows a time zone by this name. */
export function isTimeZone(name: string): boolean {
  try {
    offsetAt(0, name);
    return true;
  } catch {
    return false;
  }
}
