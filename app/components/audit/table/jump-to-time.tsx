"use client";

import { Clock3 } from "lucide-react";
import { useState } from "react";
import { Button } from "../../button.tsx";
import { IconButton } from "../../icon-button.tsx";
import { Input } from "../../input.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "../../popover.tsx";
import type { ResolvedRange } from "../range/time-range.ts";
import { fromWallTime, problemOfWallTime, toWallTime } from "../range/wall-time.ts";

/** Asks for a time and goes there in the list. */
export function JumpToTime({
  open,
  onOpenChange,
  window,
  now,
  timeZone,
  onJump,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  window: ResolvedRange;
  now: number;
  timeZone: string;
  onJump: (time: number) => Promise<void>;
}) {
  return (
    <Popover open={open} onOpenChange={onOpenChange}>
      <PopoverTrigger asChild>
        <IconButton label="Go to a time" keys="g" size="icon-small" className="-mx-1 max-tablet:hidden">
          <Clock3 aria-hidden className="size-3!" />
        </IconButton>
      </PopoverTrigger>
      <PopoverContent className="w-[264px] p-3" aria-label="Go to a time">
        <JumpForm
          window={window}
          now={now}
          timeZone={timeZone}
          onJump={async (time) => {
            onOpenChange(false);
            await onJump(time);
          }}
        />
      </PopoverContent>
    </Popover>
  );
}

function JumpForm({
  window,
  now,
  timeZone,
  onJump,
}: {
  window: ResolvedRange;
  now: number;
  timeZone: string;
  onJump: (time: number) => Promise<void>;
}) {
  const [wall, setWall] = useState(() => toWallTime(Math.min(now, window.to - 1), timeZone));
  const time = fromWallTime(wall, timeZone);
  const problem = problemOfWallTime(wall) ?? (time === null ? null : problemWithin(time, window));
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (time !== null && !problem) void onJump(time);
      }}
    >
      <div className="grid grid-cols-[1fr_84px] gap-2">
        <Input
          aria-label="Day"
          inputMode="numeric"
          value={wall.day}
          onChange={(event) => setWall({ ...wall, day: event.target.value })}
          className="tabular-nums"
        />
        <Input
          aria-label="Time"
          inputMode="numeric"
          autoFocus
          onFocus={(event) => event.currentTarget.select()}
          value={wall.clock}
          onChange={(event) => setWall({ ...wall, clock: event.target.value })}
          className="tabular-nums"
        />
      </div>
      <div className="flex items-center gap-2">
        <span role="status" className={problem ? "text-fail" : "text-fg-3"}>
          {problem ?? timeZone}
        </span>
        <Button type="submit" look="primary" className="ml-auto" disabled={problem !== null}>
          Go
        </Button>
      </div>
    </form>
  );
}

function problemWithin(time: number, { from, to }: ResolvedRange): string | null {
  return time < from || time >= to ? "Outside the range above" : null;
}
