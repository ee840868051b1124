import { dayOf, resolveTime } from "../../../../lib/filter/relative-time.ts";
import {
  formatClockExactly,
  formatDate,
  formatDay,
  formatIsoDay,
  formatMinuteExactly,
} from "../../time/format-time.ts";

/** A range as the URL holds it: times as the filter language writes them, so that "today" stays today in a shared link. */
export interface TimeRange {
  from: string;
  to: string;
}

/** The same as instants, `to` excluded. */
export interface ResolvedRange {
  from: number;
  to: number;
}

export interface RangePreset extends TimeRange {
  label: string;
}

export const TODAY: RangePreset = { label: "Today", from: "today", to: "today" };

export const RANGE_PRESETS: readonly RangePreset[] = [
  { label: "Last 15 minutes", from: "now-15m", to: "now" },
  { label: "Last hour", from: "now-1h", to: "now" },
  { label: "Last 24 hours", from: "now-24h", to: "now" },
  TODAY,
  { label: "Yesterday", from: "yesterday", to: "yesterday" },
  { label: "Last 7 days", from: "today-6d", to: "today" },
  { label: "Last 30 days", from: "today-29d", to: "today" },
];

/** The instants of a range. Where it cannot be read they are today's: ask `readRange` first. */
export function resolveRange(range: TimeRange, now: number, timeZone: string): ResolvedRange {
  const today = dayOf(now, timeZone);
  return readRange(range, now, timeZone) ?? { from: today.start, to: today.end };
}

/** The instants of a range; null where it cannot be read, or ends before it starts. A day as the end stands for the whole day. */
export function readRange(range: TimeRange, now: number, timeZone: string): ResolvedRange | null {
  const reference = { now: new Date(now), timeZone };
  const from = resolveTime(range.from, reference);
  const to = resolveTime(range.to, reference);
  if (!from || !to) return null;
  const end = to.end - to.start > 1 ? to.end : to.start;
  return end > from.start ? { from: from.start, to: end } : null;
}

/** The range of an address: what it leaves out is the usual. */
export function rangeOfAddress(
  address: { from: string | null; to: string | null },
  usual: TimeRange,
): TimeRange {
  return { from: address.from ?? usual.from, to: address.to ?? usual.to };
}

export function sameRange(a: TimeRange, b: TimeRange): boolean {
  return a.from === b.from && a.to === b.to;
}

/** Whether all of a range has the same date on the zone's clocks, so that a time needs none. */
export function isOneDay({ from, to }: ResolvedRange, timeZone: string): boolean {
  return formatIsoDay(from, timeZone) === formatIsoDay(to - 1, timeZone);
}

/** Whether the range still grows: rows may yet come. */
export function isOpen(range: ResolvedRange, now: number): boolean {
  return range.to >= now - 1000;
}

/** The words on the range button: `Today 00:00 – 23:59`, `22 Oct – 20 Nov 2026`, `20 Nov 14:00 – 16:30`. */
export function describeRange(range: TimeRange, now: number, timeZone: string): string {
  const preset = RANGE_PRESETS.find((candidate) => sameRange(candidate, range));
  const resolved = readRange(range, now, timeZone);
  if (!resolved) return "Unreadable range";
  if (preset && range.from !== range.to) return preset.label;
  if (preset) return `${preset.label} 00:00 – 23:59`;
  return describeInstants(resolved, timeZone);
}

/** The same for instants alone. */
export function describeInstants({ from, to }: ResolvedRange, timeZone: string): string {
  const wholeDays = dayOf(from, timeZone).start === from && dayOf(to, timeZone).start === to;
  const last = to - 1;
  const oneDay = isOneDay({ from, to }, timeZone);
  if (wholeDays && oneDay) return formatDate(from, timeZone);
  const sameYear = formatDate(from, timeZone).slice(-4) === formatDate(last, timeZone).slice(-4);
  const day = sameYear ? formatDay : formatDate;
  if (wholeDays) return `${day(from, timeZone)} – ${formatDate(last, timeZone)}`;
  if (oneDay) return `${formatDay(from, timeZone)} ${clock(from, timeZone)} – ${clock(to, timeZone)}`;
  return `${day(from, timeZone)} ${clock(from, timeZone)} – ${day(to, timeZone)} ${clock(to, timeZone)}`;
}

/** `14:00 – 16:30`, with days where they differ. */
export function describeSpan({ from, to }: ResolvedRange, timeZone: string): string {
  if (!isOneDay({ from, to }, timeZone)) return describeInstants({ from, to }, timeZone);
  const end = dayOf(to, timeZone).start === to ? "24:00" : clock(to, timeZone);
  return `${clock(from, timeZone)} – ${end}`;
}

function clock(time: number, timeZone: string): string {
  return time % 60_000 === 0 ? formatMinuteExactly(time, timeZone) : formatClockExactly(time, timeZone);
}

/** The range of the same length just before: what an empty page compares with. */
export function rangeBefore(
  range: TimeRange,
  now: number,
  timeZone: string,
): { range: ResolvedRange; name: string } {
  const { from, to } = resolveRange(range, now, timeZone);
  const previous = { from: from - (to - from), to: from };
  if (sameRange(range, TODAY)) {
    const yesterday = dayOf(from - 1, timeZone);
    return { range: { from: yesterday.start, to: yesterday.end }, name: "Yesterday" };
  }
  return { range: previous, name: "The same span before" };
}

/** An instant as the URL writes it. */
export function instantText(time: number): string {
  return new Date(time).toISOString().replace(/\.000Z$/, "Z");
}

export function rangeOfInstants({ from, to }: ResolvedRange): TimeRange {
  return { from: instantText(from), to: instantText(to) };
}

const DAY_MS = 86_400_000;

/** Why a range may not be asked for; null where it may. */
export function problemOfRange(
  from: number | null,
  to: number | null,
  limits: { longestDays?: number; keptFrom: number | null; timeZone: string },
): string | null {
  const { longestDays, keptFrom, timeZone } = limits;
  if (from === null || to === null || to <= from) return "The end comes before the start";
  // An hour more: thirty days are longer where clocks change.
  if (longestDays && to - from > longestDays * DAY_MS + 3_600_000) return `At most ${longestDays} days`;
  if (keptFrom !== null && to <= keptFrom) return `Kept from ${formatDate(keptFrom, timeZone)} on`;
  return null;
}
