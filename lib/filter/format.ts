import { quote } from "./tokenize.ts";
import type { FilterComparison, FilterNode } from "./tree.ts";

const BARE =
  /^(?:-?\d+(?:\.\d+)?(?:ms|[smhdw])?|(?:now|today|yesterday)(?:[+-]\d+[smhdw])?|\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?)$/;

/** The canonical text of a filter; the empty text for none. `parseFilter` reads it back to the same tree. */
export function formatFilter(filter: FilterNode | null): string {
  return filter ? formatNode(withoutSingles(filter)) : "";
}

function formatNode(node: FilterNode): string {
  if (node.kind === "comparison") return formatComparison(node);
  if (node.kind === "not") {
    const inner = formatNode(node.node);
    return node.node.kind === "and" || node.node.kind === "or" ? `NOT (${inner})` : `NOT ${inner}`;
  }
  const word = node.kind === "and" ? " AND " : " OR ";
  return node.nodes.map((child) => formatMember(node.kind, child)).join(word);
}

// A nested group keeps its parentheses even where precedence would not ask for them: they are the builder's groups.
function formatMember(parent: "and" | "or", child: FilterNode): string {
  const text = formatNode(child);
  const bare =
    child.kind === "comparison" || child.kind === "not" || (parent === "or" && child.kind === "and");
  return bare ? text : `(${text})`;
}

function formatComparison({ field, op, values }: FilterComparison): string {
  if (op === "present") return `${field}:*`;
  if (op === "in") return `${field} IN (${values.map(formatValue).join(", ")})`;
  const value = formatValue(values[0] ?? "");
  return op === ":" ? `${field}:${value}` : `${field} ${op} ${value}`;
}

function formatValue(value: string): string {
  return BARE.test(value) ? value : quote(value);
}

/** A group of one means its one member. */
function withoutSingles(node: FilterNode): FilterNode {
  if (node.kind === "comparison") return node;
  if (node.kind === "not") return { kind: "not", node: withoutSingles(node.node) };
  const nodes = node.nodes.map(withoutSingles);
  return nodes.length === 1 ? (nodes[0] as FilterNode) : { kind: node.kind, nodes };
}
