"use client";

import { Command } from "cmdk";
import { Check, ChevronDown } from "lucide-react";
import { useState } from "react";
import { Popover, PopoverContent, PopoverTrigger } from "../../popover.tsx";

/** One value or several, from those known or typed in. */
export function ValuePicker({
  label,
  known,
  free,
  several,
  values,
  onChange,
}: {
  label: string;
  known: readonly string[];
  /** Values that are not known may be typed. */
  free: boolean;
  several: boolean;
  values: readonly string[];
  onChange: (values: string[]) => void;
}) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const text = typed.trim();
  const offered = [...new Set([...known, ...values])];
  const isNew = free && text !== "" && !offered.includes(text);

  function pick(value: string) {
    setTyped("");
    if (several) {
      onChange(values.includes(value) ? values.filter((other) => other !== value) : [...values, value]);
      return;
    }
    onChange([value]);
    setOpen(false);
  }

  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger className="inline-flex h-7 max-w-[240px] min-w-20 items-center gap-1.5 rounded-2 border border-line-control bg-bg px-2 hover:border-line-strong max-tablet:h-11 [&_svg]:size-3 [&_svg]:text-fg-3">
        <span className="sr-only">Value of {label}: </span>
        <span className={values.length > 0 ? "cut" : "text-fg-3"}>{values.join(", ") || "Choose"}</span>
        <ChevronDown aria-hidden className="ml-auto" />
      </PopoverTrigger>
      <PopoverContent align="start" className="w-60 p-1">
        <Command label={label}>
          <Command.Input
            value={typed}
            onValueChange={setTyped}
            placeholder={free ? "Find or type a value" : "Find a value"}
            className="mb-1 h-7 w-full rounded-[4px] border border-line bg-bg px-2 outline-none focus:border-accent max-tablet:h-11 max-tablet:text-[16px]"
          />
          <Command.List className="max-h-56 overflow-auto">
            {!free ? <Command.Empty className="px-2 py-3 text-fg-3">No such value.</Command.Empty> : null}
            {isNew ? <ValueItem value={text} label={`“${text}”`} chosen={false} onPick={pick} /> : null}
            {offered.map((value) => (
              <ValueItem
                key={value}
                value={value}
                label={value}
                chosen={values.includes(value)}
                onPick={pick}
              />
            ))}
          </Command.List>
        </Command>
      </PopoverContent>
    </Popover>
  );
}

function ValueItem({
  value,
  label,
  chosen,
  onPick,
}: {
  value: string;
  label: string;
  chosen: boolean;
  onPick: (value: string) => void;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={() => onPick(value)}
      className="flex h-7 items-center gap-2 rounded-[4px] px-2 data-[selected=true]:bg-bg-hot max-tablet:h-11 [&_svg]:size-3.5"
    >
      <span className="cut flex-1">{label}</span>
      {chosen ? <Check aria-label="Chosen" className="text-accent" /> : null}
    </Command.Item>
  );
}
