import type { FieldSet } from "../../../../lib/filter/fields.ts";
import { formatFilter } from "../../../../lib/filter/format.ts";
import { parseFilter } from "../../../../lib/filter/parse.ts";
import { type BuilderGroup, type BuilderNode, fromBuilder } from "./builder-tree.ts";

/** Why what is built cannot be read as a filter; null where it can. Conditions without a value say nothing yet. */
export function problemOf(node: BuilderNode, fields: FieldSet): string | null {
  const parsed = parseFilter(formatFilter(fromBuilder(node)), fields);
  return parsed.ok ? null : parsed.error.message;
}

/** The same for what no single condition shows: too many conditions, a text that is too long. */
export function problemOfWhole(group: BuilderGroup, fields: FieldSet): string | null {
  return hasWrongCondition(group, fields) ? null : problemOf(group, fields);
}

function hasWrongCondition(group: BuilderGroup, fields: FieldSet): boolean {
  return group.nodes.some((node) =>
    node.kind === "group" ? hasWrongCondition(node, fields) : problemOf(node, fields) !== null,
  );
}
