import type { Column } from "../../../lib/audit/columns/schema.ts";
import { formatBytes, formatDuration } from "./format-count.ts";

/** What stands for a column's value in lists and drawers that say no more of it; empty where it is absent. */
export function columnText({ facts }: Pick<Column, "facts">, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value !== "number") return String(value);
  if (facts.unit === "bytes") return formatBytes(value);
  return facts.unit === "milliseconds" ? formatDuration(value) : String(value);
}
