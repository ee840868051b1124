import type { ReactNode } from "react";

/** Another view of the same rows, in the place of the table: what it shows, what it counts, and what the keys do in it. */
export interface OtherView {
  content: ReactNode;
  noun: { one: string; many: string };
  /** How many it lists; null while that is not known. */
  count: { count: number; exact: boolean } | null;
  /** The place of the one that the keys are at. */
  focusedIndex: number | null;
  move: (by: number) => void;
  openFocused: () => void;
}
