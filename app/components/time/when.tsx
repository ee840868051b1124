"use client";

import { formatAgo, formatAhead } from "./format-ago.ts";
import { formatMoment } from "./format-time.ts";
import { useTimeZoneChoice } from "./time-zone.tsx";
import { useNow } from "./use-now.ts";

/** How long ago something was, or how soon it will be; the moment itself in the tooltip. */
export function When({ time, absent }: { time: string | null; absent: string }) {
  const { timeZone } = useTimeZoneChoice();
  const now = useNow(60_000);
  if (time === null) return <span className="text-fg-3">{absent}</span>;
  if (!timeZone || now === null) return null;
  const at = Date.parse(time);
  return (
    <time dateTime={time} title={`${formatMoment(at, timeZone)} ${timeZone}`}>
      {at > now ? formatAhead(at - now) : formatAgo(now - at)}
    </time>
  );
}

/** A moment written out: `20 Nov 2026 at 16:29:53`. */
export function Moment({ time, absent }: { time: string | null; absent: string }) {
  const { timeZone } = useTimeZoneChoice();
  if (time === null) return <span className="text-fg-3">{absent}</span>;
  if (!timeZone) return null;
  return (
    <time dateTime={time} title={timeZone} className="tabular-nums">
      {formatMoment(Date.parse(time), timeZone)}
    </time>
  );
}
