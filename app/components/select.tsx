"use client";

import { Check, ChevronDown } from "lucide-react";
import { Select as RadixSelect } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { PANEL } from "./popover.tsx";

export interface SelectOption {
  value: string;
  label: ReactNode;
  disabled?: boolean;
}

/** One of a few values. */
export function Select({
  value,
  onValueChange,
  options,
  label,
  placeholder,
  className,
  disabled,
  invalid = false,
  id,
}: {
  value: string;
  onValueChange: (value: string) => void;
  options: readonly SelectOption[];
  /** Read aloud; not shown. */
  label: string;
  placeholder?: string;
  className?: string;
  disabled?: boolean;
  /** What is chosen is refused. */
  invalid?: boolean;
  id?: string;
}) {
  return (
    <RadixSelect.Root value={value} onValueChange={onValueChange} disabled={disabled}>
      <RadixSelect.Trigger
        id={id}
        aria-label={label}
        aria-invalid={invalid || undefined}
        className={classNames(
          "inline-flex h-7 items-center gap-1.5 rounded-2 border border-line-control bg-bg px-2 whitespace-nowrap text-fg transition-colors hover:border-line-strong aria-invalid:border-fail-mark disabled:opacity-45 data-placeholder:text-fg-3 max-tablet:h-11 [&_svg]:size-3 [&_svg]:text-fg-3",
          className,
        )}
      >
        <span className="cut">
          <RadixSelect.Value placeholder={placeholder} />
        </span>
        <RadixSelect.Icon className="ml-auto">
          <ChevronDown aria-hidden />
        </RadixSelect.Icon>
      </RadixSelect.Trigger>
      <RadixSelect.Portal>
        <RadixSelect.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className={classNames(
            PANEL,
            "max-h-[min(320px,var(--radix-select-content-available-height))] min-w-(--radix-select-trigger-width) overflow-hidden p-1",
          )}
        >
          <RadixSelect.Viewport>
            {options.map((option) => (
              <RadixSelect.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled}
                className="flex h-7 items-center gap-2 rounded-[4px] px-2 outline-none select-none data-disabled:opacity-45 data-highlighted:bg-bg-hot max-tablet:h-11 [&_svg]:size-3.5 [&_svg]:text-fg-3"
              >
                <RadixSelect.ItemText>{option.label}</RadixSelect.ItemText>
                <RadixSelect.ItemIndicator className="ml-auto pl-3">
                  <Check aria-hidden />
                </RadixSelect.ItemIndicator>
              </RadixSelect.Item>
            ))}
          </RadixSelect.Viewport>
        </RadixSelect.Content>
      </RadixSelect.Portal>
    </RadixSelect.Root>
  );
}
