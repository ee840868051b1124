"use client";

import { ChevronDown, Clock } from "lucide-react";
import { useState } from "react";
import { Button } from "../../button.tsx";
import { classNames } from "../../class-names.ts";
import { Popover, PopoverContent, PopoverTrigger } from "../../popover.tsx";
import { useKeptFrom } from "../../use-record-status.ts";
import { CustomRange } from "./custom-range.tsx";
import { describeRange, RANGE_PRESETS, sameRange, type TimeRange } from "./time-range.ts";

/** Chooses the window of time: a preset that moves on with the clock, or two fixed moments. */
export function TimeRangePicker({
  range,
  onChange,
  now,
  timeZone,
  presets = RANGE_PRESETS,
  longestDays,
}: {
  range: TimeRange;
  onChange: (range: TimeRange) => void;
  now: number;
  timeZone: string;
  presets?: readonly (TimeRange & { label: string })[];
  longestDays?: number;
}) {
  const keptFrom = useKeptFrom();
  const [open, setOpen] = useState(false);

  function choose(next: TimeRange) {
    onChange(next);
    setOpen(false);
  }

  const words = describeRange(range, now, timeZone);
  const preset = presets.find((candidate) => sameRange(candidate, range));
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button className="min-w-0">
          <span className="sr-only">Time range: </span>
          <Clock aria-hidden />
          <span className="cut max-tablet:hidden">{words}</span>
          <span className="cut tablet:hidden">{preset?.label ?? words}</span>
          <span className="zone font-normal text-fg-3">{timeZone}</span>
          <ChevronDown aria-hidden className="-mr-0.5 size-3!" />
        </Button>
      </PopoverTrigger>
      <PopoverContent className="flex max-tablet:w-[calc(100vw-16px)] max-tablet:flex-col">
        <ul className="w-40 border-r border-line p-1 max-tablet:w-full max-tablet:border-r-0 max-tablet:border-b">
          {presets.map((preset) => (
            <li key={preset.label}>
              <button
                type="button"
                aria-pressed={sameRange(preset, range)}
                onClick={() => choose({ from: preset.from, to: preset.to })}
                className={classNames(
                  "flex h-7 w-full items-center rounded-[4px] px-2 text-left hover:bg-bg-hot max-tablet:h-11",
                  sameRange(preset, range) && "bg-bg-hot font-medium",
                )}
              >
                {preset.label}
              </button>
            </li>
          ))}
        </ul>
        <CustomRange
          key={`${range.from} ${range.to} ${open}`}
          range={range}
          onApply={choose}
          now={now}
          timeZone={timeZone}
          longestDays={longestDays}
          keptFrom={keptFrom}
        />
      </PopoverContent>
    </Popover>
  );
}
