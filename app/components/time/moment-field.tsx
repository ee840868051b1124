"use client";

import { CalendarDays, ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { DayPicker } from "react-day-picker";
import { fromDay, toDay, type WallTime } from "../audit/range/wall-time.ts";
import { FieldNote, noteId } from "../field-note.tsx";
import { IconButton } from "../icon-button.tsx";
import { Input } from "../input.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "../popover.tsx";

/** A day, typed or from a calendar, and a clock time: the same in every browser, in the viewer's zone. */
export function MomentField({
  id,
  label,
  value,
  onChange,
  firstDay,
  hint,
  error,
}: {
  id: string;
  label: string;
  value: WallTime;
  onChange: (value: WallTime) => void;
  /** Days before it cannot be chosen. */
  firstDay?: Date;
  hint?: string;
  error?: string;
}) {
  const [open, setOpen] = useState(false);
  const day = fromDay(value.day) ?? undefined;
  const note = error || hint ? noteId(id) : undefined;
  return (
    <fieldset className="grid gap-1">
      <label htmlFor={id} className="font-medium text-fg-2">
        {label}
      </label>
      <div className="grid grid-cols-[minmax(0,1fr)_auto_72px] items-center gap-1">
        <Input
          id={id}
          aria-label={`${label}: day`}
          aria-invalid={error ? true : undefined}
          aria-describedby={note}
          placeholder="2026-12-31"
          inputMode="numeric"
          autoComplete="off"
          className="tabular-nums"
          value={value.day}
          onChange={(event) => onChange({ ...value, day: event.target.value })}
        />
        <Popover open={open} onOpenChange={setOpen}>
          <PopoverTrigger asChild>
            <IconButton label="Choose a day">
              <CalendarDays aria-hidden />
            </IconButton>
          </PopoverTrigger>
          <PopoverContent className="p-3">
            <DayPicker
              mode="single"
              weekStartsOn={1}
              selected={day}
              defaultMonth={day ?? firstDay}
              onSelect={(chosen) => {
                if (chosen) onChange({ ...value, day: toDay(chosen) });
                setOpen(false);
              }}
              disabled={firstDay ? { before: firstDay } : undefined}
              components={{
                Chevron: ({ orientation }) =>
                  orientation === "left" ? <ChevronLeft aria-hidden /> : <ChevronRight aria-hidden />,
              }}
              className="calendar"
            />
          </PopoverContent>
        </Popover>
        <Input
          aria-label={`${label}: time`}
          aria-invalid={error ? true : undefined}
          aria-describedby={note}
          inputMode="numeric"
          autoComplete="off"
          className="tabular-nums"
          value={value.clock}
          onChange={(event) => onChange({ ...value, clock: event.target.value })}
        />
      </div>
      <FieldNote id={id} hint={hint} error={error} />
    </fieldset>
  );
}
