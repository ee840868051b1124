import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

const buttonStyle = cva(
  "inline-flex items-center justify-center gap-1.5 border rounded-2 font-medium whitespace-nowrap text-fg-2 transition-colors duration-(--fast) [&_svg]:size-3.5 disabled:opacity-45 aria-disabled:opacity-45",
  {
    variants: {
      look: {
        plain:
          "border-line-control bg-bg hover:bg-bg-hover hover:text-fg [&_svg]:text-fg-3 data-[state=open]:bg-bg-press data-[state=open]:text-fg aria-pressed:bg-bg-press aria-pressed:text-fg",
        ghost:
          "border-transparent bg-transparent hover:bg-bg-inset hover:text-fg [&_svg]:text-fg-3 data-[state=open]:bg-bg-press",
        primary: "border-accent bg-accent text-accent-fg hover:bg-accent-hover hover:border-accent-hover",
        danger: "border-fail bg-fail text-fail-fg",
        "danger-plain": "border-line-control bg-bg text-fail hover:bg-fail-tint",
        link: "border-transparent bg-transparent text-accent px-0! hover:underline underline-offset-2",
      },
      size: {
        small: "h-6 px-2 rounded-[4px]",
        normal: "h-7 px-[9px] max-tablet:h-10 max-tablet:px-3 max-tablet:text-nav",
        large: "h-10 px-4 text-nav rounded-[6px]",
        icon: "size-7 p-0 max-tablet:size-11",
        "icon-small": "size-6 p-0 rounded-[4px] max-tablet:size-9",
      },
    },
    defaultVariants: { look: "plain", size: "normal" },
  },
);

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonStyle> {
  /** Renders the single child with the button's looks, e.g. a link. */
  asChild?: boolean;
}

export function Button({ look, size, asChild, className, type = "button", ...rest }: ButtonProps) {
  const style = classNames(buttonStyle({ look, size }), className);
  if (asChild) return <Slot.Root className={style} {...rest} />;
  return <button type={type} className={style} {...rest} />;
}
