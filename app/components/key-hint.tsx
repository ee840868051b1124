import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

/** A key of the keyboard. */
export function KeyHint({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      className={classNames(
        "inline-block min-w-4 rounded-1 border border-line-control bg-bg px-1 text-center font-sans text-[10.5px]/[14px] font-medium text-fg-2",
        className,
      )}
    >
      {children}
    </kbd>
  );
}
