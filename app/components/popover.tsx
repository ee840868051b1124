"use client";

import { Popover as RadixPopover } from "radix-ui";
import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

export const Popover = RadixPopover.Root;
export const PopoverTrigger = RadixPopover.Trigger;

/** What every floating panel looks like. */
export const PANEL =
  "z-40 rounded-3 border border-line-control bg-bg-raised text-fg shadow-pop outline-none animate-[rise-in_var(--mid)_var(--ease)]";

export function PopoverContent({ className, ...rest }: ComponentProps<typeof RadixPopover.Content>) {
  return (
    <RadixPopover.Portal>
      <RadixPopover.Content
        sideOffset={5}
        align="end"
        collisionPadding={8}
        className={classNames(
          PANEL,
          "max-h-(--radix-popover-content-available-height) overflow-auto",
          className,
        )}
        {...rest}
      />
    </RadixPopover.Portal>
  );
}
