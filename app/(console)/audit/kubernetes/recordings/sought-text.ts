import { RECORDING_FIELDS } from "../../../../../lib/audit/recordings/schema.ts";
import { parseFilter } from "../../../../../lib/filter/parse.ts";
import type { FilterNode } from "../../../../../lib/filter/tree.ts";

/** What a filter looks for in what was typed and shown: the first text that a row has to have; null where it looks for none. */
export function soughtText(filter: string): string | null {
  const parsed = parseFilter(filter, RECORDING_FIELDS);
  return parsed.ok && parsed.filter ? textOf(parsed.filter) : null;
}

function textOf(node: FilterNode): string | null {
  if (node.kind === "not") return null;
  if (node.kind !== "comparison") return node.nodes.map(textOf).find((text) => text !== null) ?? null;
  const { field, op, values } = node;
  return (field === "command" || field === "output") && op === ":" ? (values[0] ?? null) : null;
}
