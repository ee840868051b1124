"use client";

import { Command } from "cmdk";
import { Check } from "lucide-react";
import { useMemo } from "react";
import { Dialog, DialogContent } from "../dialog.tsx";
import { formatClock, formatOffset } from "./format-time.ts";
import { useTimeZoneChoice } from "./time-zone.tsx";
import { timeZoneNames } from "./time-zone-names.ts";
import { useNow } from "./use-now.ts";

/** Chooses the zone that all times are shown and ranges are read in. */
export function TimeZoneDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { chosen, browserTimeZone, choose } = useTimeZoneChoice();
  const zones = useMemo(
    () => (open ? [{ name: "UTC", keywords: ["GMT", "Zulu"] }, ...timeZoneNames()] : []),
    [open],
  );
  const now = useNow(1000) ?? 0;

  function take(zone: string | null) {
    choose(zone);
    onOpenChange(false);
  }

  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Time zone"
        description="Times are shown in this zone, and “today” is its day. The record itself is in UTC."
      >
        <Command label="Time zones" className="grid gap-2">
          <Command.Input
            placeholder="City or zone"
            className="h-8 rounded-2 border border-line-control bg-bg px-2 outline-none focus:border-accent max-tablet:h-11 max-tablet:text-[16px]"
          />
          <Command.List className="h-[300px] overflow-auto">
            <Command.Empty className="py-6 text-center text-fg-3">No zone is called that.</Command.Empty>
            {open && browserTimeZone ? (
              <ZoneItem
                name={`Follow this browser (${browserTimeZone})`}
                zone={browserTimeZone}
                now={now}
                on={chosen === null}
                onSelect={() => take(null)}
              />
            ) : null}
            {zones.map(({ name, keywords }) => (
              <ZoneItem
                key={name}
                name={name}
                keywords={keywords}
                zone={name}
                now={now}
                on={chosen === name}
                onSelect={() => take(name)}
              />
            ))}
          </Command.List>
        </Command>
      </DialogContent>
    </Dialog>
  );
}

function ZoneItem({
  name,
  keywords = [],
  zone,
  now,
  on,
  onSelect,
}: {
  name: string;
  keywords?: string[];
  zone: string;
  now: number;
  on: boolean;
  onSelect: () => void;
}) {
  return (
    <Command.Item
      value={name}
      keywords={keywords}
      onSelect={onSelect}
      className="flex h-7 items-center gap-2 rounded-[4px] px-2 data-[selected=true]:bg-bg-hot max-tablet:h-11 [&_svg]:size-3.5"
    >
      <span className="cut flex-1">{name}</span>
      {on ? <Check aria-label="Chosen" className="text-accent" /> : null}
      <span className="text-meta text-fg-3 tabular-nums">
        {formatClock(now, zone).slice(0, 5)} {formatOffset(now, zone)}
      </span>
    </Command.Item>
  );
}
