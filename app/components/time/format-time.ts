import { offsetAt } from "../../../lib/filter/relative-time.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, style: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${style}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options });
    formats.set(key, made);
  }
  return made;
}

/** `16:29:57` */
export function formatClock(time: number, zone: string): string {
  return format(zone, "clock", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(time);
}

/** `16:29` */
export function formatMinute(time: number, zone: string): string {
  return format(zone, "minute", { hour: "2-digit", minute: "2-digit" }).format(time);
}

/** `.204` */
export function formatMilliseconds(time: number): string {
  return `.${String(((time % 1000) + 1000) % 1000).padStart(3, "0")}`;
}

/** `20 Nov` */
export function formatDay(time: number, zone: string): string {
  return format(zone, "day", { day: "numeric", month: "short" }).format(time);
}

/** `20 Nov 2026` */
export function formatDate(time: number, zone: string): string {
  return format(zone, "date", { day: "numeric", month: "short", year: "numeric" }).format(time);
}

/** `2026-11-20`: the same for every day of that name, so days can be compared. */
export function formatIsoDay(time: number, zone: string): string {
  return format(zone, "iso", { year: "numeric", month: "2-digit", day: "2-digit" })
    .format(time)
    .split("/")
    .reverse()
    .join("-");
}

/** `20 Nov 2026 at 16:29:53`; where the clocks show that twice, `25 Oct 2026 at 02:30:00 UTC+1`. */
export function formatMoment(time: number, zone: string): string {
  return `${formatDate(time, zone)} at ${formatClockExactly(time, zone)}`;
}

/** `16:29:53`; `02:30:00 UTC+1` where the clocks show that twice. */
export function formatClockExactly(time: number, zone: string): string {
  return formatClock(time, zone) + offsetWhereRepeated(time, zone);
}

/** `16:29`; `02:30 UTC+1` where the clocks show that twice. */
export function formatMinuteExactly(time: number, zone: string): string {
  return formatMinute(time, zone) + offsetWhereRepeated(time, zone);
}

/** A day before and after, the zone has its offsets from before and after a change of its clocks. */
const CHANGE_WITHIN_MS = 86_400_000;

/** ` UTC+1` in an hour that the zone's clocks show twice, because they were put back; otherwise nothing. */
function offsetWhereRepeated(time: number, zone: string): string {
  const offset = offsetAt(time, zone);
  const repeated = [time - CHANGE_WITHIN_MS, time + CHANGE_WITHIN_MS].some((near) => {
    const other = offsetAt(near, zone);
    return other !== offset && offsetAt(time + offset - other, zone) === other;
  });
  return repeated ? ` ${formatOffset(time, zone)}` : "";
}

/** `UTC`, `UTC+1`, `UTC+5:30` */
export function formatOffset(time: number, zone: string): string {
  const minutes = Math.round(offsetAt(time, zone) / 60_000);
  if (minutes === 0) return "UTC";
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? "−" : "+"}${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
}
