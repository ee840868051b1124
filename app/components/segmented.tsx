"use client";

import { Tabs } from "radix-ui";

/** Two or three views of the same thing. The content is the caller's; the chosen value lives in the URL. */
export function Segmented<Value extends string>({
  value,
  onValueChange,
  options,
  label,
}: {
  value: Value;
  onValueChange: (value: Value) => void;
  options: readonly { value: Value; label: string }[];
  label: string;
}) {
  return (
    <Tabs.Root value={value} onValueChange={(next) => onValueChange(next as Value)} className="flex-none">
      <Tabs.List
        aria-label={label}
        className="inline-flex h-[30px] rounded-2 bg-bg-inset p-0.5 max-tablet:h-10 max-tablet:w-full"
      >
        {options.map((option) => (
          <Tabs.Trigger
            key={option.value}
            value={option.value}
            aria-controls={undefined}
            className="inline-flex h-full flex-1 items-center justify-center rounded-[4px] px-2.5 font-medium whitespace-nowrap text-fg-3 hover:text-fg data-[state=active]:bg-bg-raised data-[state=active]:text-fg data-[state=active]:shadow-[0_0_0_1px_var(--line-control)]"
          >
            {option.label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
    </Tabs.Root>
  );
}
