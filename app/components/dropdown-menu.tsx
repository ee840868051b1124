"use client";

import { Check } from "lucide-react";
import { DropdownMenu as RadixMenu } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { PANEL } from "./popover.tsx";

export const DropdownMenu = RadixMenu.Root;
export const DropdownMenuTrigger = RadixMenu.Trigger;
export const DropdownMenuRadioGroup = RadixMenu.RadioGroup;

const ITEM =
  "flex h-7 w-full items-center gap-2 rounded-[4px] px-2 text-fg outline-none select-none data-highlighted:bg-bg-hot data-disabled:opacity-45 max-tablet:h-11 [&_svg]:size-3.5 [&_svg]:text-fg-3";

export function DropdownMenuContent({ className, ...rest }: ComponentProps<typeof RadixMenu.Content>) {
  return (
    <RadixMenu.Portal>
      <RadixMenu.Content
        sideOffset={5}
        align="end"
        collisionPadding={8}
        className={classNames(PANEL, "min-w-52 p-1", className)}
        {...rest}
      />
    </RadixMenu.Portal>
  );
}

export function DropdownMenuItem({
  hint,
  children,
  className,
  ...rest
}: ComponentProps<typeof RadixMenu.Item> & { hint?: ReactNode }) {
  return (
    <RadixMenu.Item className={classNames(ITEM, className)} {...rest}>
      {hint ? (
        <>
          {children}
          <span className="ml-auto pl-6 text-meta text-fg-3">{hint}</span>
        </>
      ) : (
        // One child, so that with asChild it can be a link.
        children
      )}
    </RadixMenu.Item>
  );
}

export function DropdownMenuRadioItem({
  children,
  className,
  ...rest
}: ComponentProps<typeof RadixMenu.RadioItem>) {
  return (
    <RadixMenu.RadioItem className={classNames(ITEM, className)} {...rest}>
      {children}
      <RadixMenu.ItemIndicator className="ml-auto pl-6">
        <Check aria-hidden />
      </RadixMenu.ItemIndicator>
    </RadixMenu.RadioItem>
  );
}

export function DropdownMenuLabel({ children }: { children: ReactNode }) {
  return <RadixMenu.Label className="px-2 pt-1.5 pb-1 text-meta text-fg-3">{children}</RadixMenu.Label>;
}

export function DropdownMenuSeparator() {
  return <RadixMenu.Separator className="-mx-1 my-1 border-t border-line" />;
}
