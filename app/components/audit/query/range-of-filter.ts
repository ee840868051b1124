import { type FieldSet, findField } from "../../../../lib/filter/fields.ts";
import { formatFilter } from "../../../../lib/filter/format.ts";
import { parseFilter } from "../../../../lib/filter/parse.ts";
import type { FilterNode } from "../../../../lib/filter/tree.ts";
import { RANGE_PRESETS, type RangePreset, type TimeRange } from "../range/time-range.ts";

/** A time that somebody wrote into the filter, as a range of the page, and the filter that is left. */
export interface RangeOfFilter {
  label: string;
  range: TimeRange;
  filter: string;
}

/**
 * The range that a filter means by a word for a time alone (`yesterday`, `last hour`), or by a day that the time must be
 * (`executedAt = yesterday AND …`): a filter looks within the page's range, so a day outside of it finds nothing. Null where there is none.
 */
export function rangeOfFilter(
  text: string,
  fields: FieldSet,
  presets: readonly RangePreset[] = RANGE_PRESETS,
): RangeOfFilter | null {
  const word = text.trim().toLowerCase();
  const named = presets.find(({ label }) => label.toLowerCase() === word);
  if (named) return { label: named.label, range: { from: named.from, to: named.to }, filter: "" };
  const parsed = parseFilter(text, fields);
  if (!parsed.ok || !parsed.filter) return null;
  const nodes = parsed.filter.kind === "and" ? parsed.filter.nodes : [parsed.filter];
  const day = nodes.find((node) => isDay(node, fields));
  if (day?.kind !== "comparison") return null;
  const value = day.values[0] ?? "";
  const preset = presets.find(({ from, to }) => from === value && to === value);
  const rest = nodes.filter((node) => node !== day);
  return {
    label: preset?.label ?? value,
    range: { from: value, to: value },
    filter: rest.length === 0 ? "" : formatFilter({ kind: "and", nodes: rest }),
  };
}

/** Whole days: a word for one, or a date. */
const DAY = /^(?:(?:today|yesterday)(?:[+-]\d+[dw])?|\d{4}-\d{2}-\d{2})$/;

function isDay(node: FilterNode, fields: FieldSet): boolean {
  if (node.kind !== "comparison" || node.op !== "=") return false;
  return findField(fields, node.field)?.type === "time" && DAY.test(node.values[0] ?? "");
}
