import type { FilterComparison, FilterNode } from "../../../../lib/filter/tree.ts";

export type FacetChoice = "included" | "excluded" | null;

/** `null` stands for rows without a value. */
type FacetValue = string | null;

/** How the filter's top level treats a value of a field. */
export function facetChoice(filter: FilterNode | null, field: string, value: FacetValue): FacetChoice {
  for (const node of conjunctsOf(filter)) {
    if (includesOf(node, field)?.includes(value)) return "included";
    if (excludedBy(node, field, value)) return "excluded";
  }
  return null;
}

/**
 * Rewrites the expression for a click on a facet. Included values of one field stand together as alternatives
 * (`verb IN ("get", "list")`); excluded ones each as a condition of their own. A second click takes the condition away.
 */
export function toggleFacet(
  filter: FilterNode | null,
  field: string,
  value: FacetValue,
  choice: Exclude<FacetChoice, null>,
): FilterNode | null {
  const current = facetChoice(filter, field, value);
  const without = removeValue(conjunctsOf(filter), field, value);
  if (current === choice) return conjunction(without);
  if (choice === "excluded") return conjunction([...without, exclusion(field, value)]);
  return conjunction(include(without, field, value));
}

function include(nodes: FilterNode[], field: string, value: FacetValue): FilterNode[] {
  const at = nodes.findIndex((node) => includesOf(node, field) !== null);
  const present = at < 0 ? undefined : includesOf(nodes[at] as FilterNode, field);
  if (!present) return [...nodes, inclusion(field, [value])];
  return nodes.with(at, inclusion(field, [...present, value]));
}

function removeValue(nodes: FilterNode[], field: string, value: FacetValue): FilterNode[] {
  return nodes.flatMap((node) => {
    if (excludedBy(node, field, value)) return [];
    const included = includesOf(node, field);
    if (!included?.includes(value)) return [node];
    const rest = included.filter((other) => other !== value);
    return rest.length > 0 ? [inclusion(field, rest)] : [];
  });
}

/** The values that a condition lets through, when it is one that a facet writes; else null. */
function includesOf(node: FilterNode, field: string): FacetValue[] | null {
  if (isAbsence(node, field)) return [null];
  if (node.kind === "comparison" && node.field === field && (node.op === "=" || node.op === "in"))
    return node.values;
  if (node.kind !== "or") return null;
  const parts = node.nodes.map((child) => includesOf(child, field));
  return parts.every((part) => part !== null) ? parts.flat() : null;
}

function excludedBy(node: FilterNode, field: string, value: FacetValue): boolean {
  if (node.kind !== "comparison" || node.field !== field) return false;
  return value === null ? node.op === "present" : node.op === "!=" && node.values[0] === value;
}

function isAbsence(node: FilterNode, field: string): boolean {
  return (
    node.kind === "not" &&
    node.node.kind === "comparison" &&
    node.node.op === "present" &&
    node.node.field === field
  );
}

function inclusion(field: string, values: FacetValue[]): FilterNode {
  const texts = values.filter((value) => value !== null);
  const nodes: FilterNode[] = [];
  if (texts.length === 1) nodes.push(comparison(field, "=", texts));
  if (texts.length > 1) nodes.push(comparison(field, "in", texts));
  if (values.includes(null)) nodes.push({ kind: "not", node: comparison(field, "present", []) });
  return nodes.length === 1 ? (nodes[0] as FilterNode) : { kind: "or", nodes };
}

function exclusion(field: string, value: FacetValue): FilterNode {
  return value === null ? comparison(field, "present", []) : comparison(field, "!=", [value]);
}

function comparison(field: string, op: FilterComparison["op"], values: string[]): FilterComparison {
  return { kind: "comparison", field, op, values };
}

function conjunctsOf(filter: FilterNode | null): FilterNode[] {
  if (!filter) return [];
  return filter.kind === "and" ? filter.nodes : [filter];
}

function conjunction(nodes: FilterNode[]): FilterNode | null {
  if (nodes.length === 0) return null;
  return nodes.length === 1 ? (nodes[0] as FilterNode) : { kind: "and", nodes };
}
