import type { ListColumn } from "./list-column.ts";

/** By which column a list is sorted, as the URL has it: `name` ascending, `-name` descending. */
export interface ListSort {
  column: string;
  direction: "ascending" | "descending";
}

/** Reads `name` or `-name`; null where it names no column that sorts: the list's own order is shown then. */
export function readSort<Row>(text: string | null, columns: readonly ListColumn<Row>[]): ListSort | null {
  if (!text) return null;
  const column = text.replace(/^-/, "");
  if (!columns.some(({ id, sortBy }) => id === column && sortBy)) return null;
  return { column, direction: text.startsWith("-") ? "descending" : "ascending" };
}

/** What the next press on a column's name asks for: ascending, descending, then the list's own order (null). */
export function nextSort(sort: ListSort | null, column: string): string | null {
  if (sort?.column !== column) return column;
  return sort.direction === "ascending" ? `-${column}` : null;
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Sorts by a column's values, `node2` before `node10`; rows without a value come last in both directions, equal ones keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly ListColumn<Row>[],
  sort: ListSort | null,
): readonly Row[] {
  const sortBy = columns.find(({ id }) => id === sort?.column)?.sortBy;
  if (!sort || !sortBy) return rows;
  const sign = sort.direction === "ascending" ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [left, right] = [sortBy(a), sortBy(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * compare(left, right);
  });
}

function compare(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
}
