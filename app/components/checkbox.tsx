"use client";

import { Check, Minus } from "lucide-react";
import { Checkbox as RadixCheckbox } from "radix-ui";
import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

export function Checkbox({ className, ...rest }: ComponentProps<typeof RadixCheckbox.Root>) {
  return (
    <RadixCheckbox.Root
      className={classNames(
        "grid size-3.5 flex-none place-items-center rounded-[3px] border border-line-strong bg-bg data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=checked]:text-accent-fg data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent data-[state=indeterminate]:text-accent-fg disabled:border-line-control! disabled:bg-bg-inset! disabled:text-fg-3!",
        className,
      )}
      {...rest}
    >
      <RadixCheckbox.Indicator className="[&_svg]:size-2.5 [&_svg]:stroke-2">
        {rest.checked === "indeterminate" ? <Minus aria-hidden /> : <Check aria-hidden />}
      </RadixCheckbox.Indicator>
    </RadixCheckbox.Root>
  );
}
