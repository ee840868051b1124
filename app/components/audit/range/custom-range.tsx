"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { DayPicker } from "react-day-picker";
import { Button } from "../../button.tsx";
import { Input } from "../../input.tsx";
import { problemOfRange, rangeOfInstants, resolveRange, type TimeRange } from "./time-range.ts";
import { fromDay, fromWallTime, problemOfWallTime, toDay, toWallTime, type WallTime } from "./wall-time.ts";

/** Two days from a calendar, each with a clock time, in the viewer's zone. */
export function CustomRange({
  range,
  onApply,
  now,
  timeZone,
  longestDays,
  keptFrom,
}: {
  range: TimeRange;
  onApply: (range: TimeRange) => void;
  now: number;
  timeZone: string;
  longestDays?: number;
  /** Before it nothing is kept any more; null where everything is. */
  keptFrom: number | null;
}) {
  const [opened] = useState(() => {
    const current = resolveRange(range, now, timeZone);
    return {
      ...current,
      start: toWallTime(current.from, timeZone),
      end: endWallTime(current.to, timeZone),
    };
  });
  const [from, setFrom] = useState<WallTime>(opened.start);
  const [to, setTo] = useState<WallTime>(opened.end);
  // A moment that nobody has changed stays what it was, to the millisecond and also in an hour that the clocks show twice.
  const start = sameWallTime(from, opened.start) ? opened.from : fromWallTime(from, timeZone);
  const end = sameWallTime(to, opened.end) ? opened.to : fromWallTime(to, timeZone);
  const problem =
    problemOfWallTime(from) ??
    problemOfWallTime(to) ??
    problemOfRange(start, end, { longestDays, keptFrom, timeZone });
  const firstKept = keptFrom === null ? null : fromDay(toWallTime(keptFrom, timeZone).day);
  const today = fromDay(toWallTime(now, timeZone).day) ?? new Date(now);

  return (
    <form
      className="grid gap-2 p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (start !== null && end !== null && !problem) onApply(rangeOfInstants({ from: start, to: end }));
      }}
    >
      <DayPicker
        mode="range"
        weekStartsOn={1}
        selected={{ from: fromDay(from.day) ?? undefined, to: fromDay(to.day) ?? undefined }}
        today={today}
        defaultMonth={fromDay(to.day) ?? today}
        onSelect={(selected) => {
          if (selected?.from) setFrom({ ...from, day: toDay(selected.from) });
          const last = selected?.to ?? selected?.from;
          if (last) setTo({ ...to, day: toDay(last) });
        }}
        disabled={[{ after: today }, ...(firstKept ? [{ before: firstKept }] : [])]}
        components={{
          Chevron: ({ orientation }) =>
            orientation === "left" ? <ChevronLeft aria-hidden /> : <ChevronRight aria-hidden />,
        }}
        className="calendar"
      />
      <div className="grid grid-cols-[auto_1fr_84px] items-center gap-x-2 gap-y-1.5">
        <Moment label="From" value={from} onChange={setFrom} />
        <Moment label="To" value={to} onChange={setTo} />
      </div>
      <div className="flex items-center gap-2">
        <span role="status" className={problem ? "text-fail" : "text-fg-3"}>
          {problem ?? timeZone}
        </span>
        <Button type="submit" look="primary" className="ml-auto" disabled={problem !== null}>
          Apply
        </Button>
      </div>
    </form>
  );
}

function Moment({
  label,
  value,
  onChange,
}: {
  label: string;
  value: WallTime;
  onChange: (value: WallTime) => void;
}) {
  return (
    <>
      <span className="text-fg-3">{label}</span>
      <Input
        aria-label={`${label}: day`}
        placeholder="2026-11-20"
        inputMode="numeric"
        value={value.day}
        onChange={(event) => onChange({ ...value, day: event.target.value })}
        className="tabular-nums"
      />
      <Input
        aria-label={`${label}: time`}
        inputMode="numeric"
        value={value.clock}
        onChange={(event) => onChange({ ...value, clock: event.target.value })}
        className="tabular-nums"
      />
    </>
  );
}

function sameWallTime(a: WallTime, b: WallTime): boolean {
  return a.day === b.day && a.clock === b.clock;
}

/** The end of a day is written on that day, as 24:00. */
function endWallTime(time: number, timeZone: string): WallTime {
  const wall = toWallTime(time, timeZone);
  return wall.clock === "00:00" ? { day: toWallTime(time - 1, timeZone).day, clock: "24:00" } : wall;
}
