import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** A column of a list. */
export interface ListColumn<Row> {
  id: string;
  label: string;
  /** Pixels; of the flexible column the least. */
  width: number;
  /** Takes the width that the others leave. */
  flexible?: boolean;
  /** The list has to be this wide, in pixels, for the column to be shown. */
  from?: number;
  align?: "end";
  className?: string;
  /** The text of a cell that may be cut, for its tooltip. */
  title?: (row: Row) => string | undefined;
  /** What the list sorts by when the column's name is pressed; null comes last. Absent: the column does not sort. */
  sortBy?: (row: Row) => string | number | null;
  cell: (row: Row) => ReactNode;
}

/** Something to do with one row. */
export interface RowAction {
  label: string;
  icon: LucideIcon;
  danger?: boolean;
  run: () => void;
}
