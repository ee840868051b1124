"use client";

import { Tooltip as RadixTooltip } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { KeyHint } from "./key-hint.tsx";

export const TooltipProvider = RadixTooltip.Provider;

/** Says what an icon button does, or shows text that was cut, with the key that does the same. */
export function Tooltip({
  label,
  keys,
  side = "bottom",
  className,
  children,
}: {
  label: ReactNode;
  keys?: string;
  side?: "top" | "right" | "bottom" | "left";
  className?: string;
  children: ReactNode;
}) {
  return (
    <RadixTooltip.Root>
      <RadixTooltip.Trigger asChild>{children}</RadixTooltip.Trigger>
      <RadixTooltip.Portal>
        <RadixTooltip.Content
          side={side}
          sideOffset={5}
          collisionPadding={8}
          className={classNames(
            "z-50 flex max-w-[360px] items-center gap-2 rounded-2 border border-line-control bg-bg-raised px-2 py-1 text-body text-fg shadow-pop animate-[fade-in_var(--fast)_var(--ease)]",
            className,
          )}
        >
          {label}
          {keys ? <KeyHint>{keys}</KeyHint> : null}
        </RadixTooltip.Content>
      </RadixTooltip.Portal>
    </RadixTooltip.Root>
  );
}
