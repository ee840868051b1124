import type { ReactNode } from "react";

/** A part of a form that is folded away, and opens by itself where something in it is wrong. */
export function Fold({ title, open, children }: { title: ReactNode; open: boolean; children: ReactNode }) {
  return (
    <details open={open || undefined} className="rounded-2 border border-line px-3 py-2">
      <summary className="cursor-pointer font-medium text-fg-2">{title}</summary>
      <div className="mt-2.5 grid grid-cols-1 gap-3.5">{children}</div>
    </details>
  );
}
