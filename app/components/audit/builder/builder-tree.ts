import type { FilterComparison, FilterNode, FilterOperator } from "../../../../lib/filter/tree.ts";

/** The builder's operators: those of the language, and the negations that read better as one word. */
export type BuilderOperator = FilterOperator | "not:" | "not in" | "absent";

export interface BuilderCondition {
  kind: "condition";
  id: number;
  field: string;
  op: BuilderOperator;
  values: string[];
}
export interface BuilderGroup {
  kind: "group";
  id: number;
  join: "and" | "or";
  negated: boolean;
  nodes: BuilderNode[];
}
export type BuilderNode = BuilderCondition | BuilderGroup;

let lastId = 0;
const nextId = () => ++lastId;

export function emptyCondition(field: string, op: BuilderOperator = "="): BuilderCondition {
  return { kind: "condition", id: nextId(), field, op, values: [] };
}

export function emptyGroup(nodes: BuilderNode[], join: "and" | "or" = "and"): BuilderGroup {
  return { kind: "group", id: nextId(), join, negated: false, nodes };
}

/** The tree of an expression as the builder edits it; a group at the top. */
export function toBuilder(filter: FilterNode | null): BuilderGroup {
  if (!filter) return emptyGroup([]);
  const node = toNode(filter);
  return node.kind === "group" && !node.negated ? node : emptyGroup([node]);
}

function toNode(filter: FilterNode): BuilderNode {
  if (filter.kind === "comparison") return { kind: "condition", id: nextId(), ...comparison(filter) };
  if (filter.kind !== "not") {
    return {
      kind: "group",
      id: nextId(),
      join: filter.kind,
      negated: false,
      nodes: filter.nodes.map(toNode),
    };
  }
  const negated = filter.node.kind === "comparison" ? negationOf(filter.node.op) : null;
  if (negated && filter.node.kind === "comparison") {
    return { kind: "condition", id: nextId(), ...comparison(filter.node), op: negated };
  }
  const inner = toNode(filter.node);
  if (inner.kind === "group" && !inner.negated) return { ...inner, negated: true };
  return { ...emptyGroup([inner]), negated: true };
}

function comparison({ field, op, values }: FilterComparison) {
  return { field, op, values };
}

function negationOf(op: FilterOperator): BuilderOperator | null {
  if (op === ":") return "not:";
  if (op === "in") return "not in";
  return op === "present" ? "absent" : null;
}

/** The expression of what is built. Conditions that have no value yet, and empty groups, are left out. */
export function fromBuilder(node: BuilderNode): FilterNode | null {
  if (node.kind === "condition") return fromCondition(node);
  const nodes = node.nodes.map(fromBuilder).filter((child) => child !== null);
  const first = nodes[0];
  if (!first) return null;
  const whole: FilterNode = nodes.length === 1 ? first : { kind: node.join, nodes };
  return node.negated ? { kind: "not", node: whole } : whole;
}

function fromCondition({ field, op, values }: BuilderCondition): FilterNode | null {
  if (op === "present") return { kind: "comparison", field, op, values: [] };
  if (op === "absent") return { kind: "not", node: { kind: "comparison", field, op: "present", values: [] } };
  if (values.length === 0) return null;
  if (op === "not:") return { kind: "not", node: { kind: "comparison", field, op: ":", values } };
  if (op === "not in") return { kind: "not", node: { kind: "comparison", field, op: "in", values } };
  return { kind: "comparison", field, op, values: op === "in" ? values : values.slice(0, 1) };
}

export const takesNoValue = (op: BuilderOperator): boolean => op === "present" || op === "absent";
export const takesSeveral = (op: BuilderOperator): boolean => op === "in" || op === "not in";

/** Replaces the node with this id by what `change` makes of it; `null` takes it away. */
export function editNode(
  group: BuilderGroup,
  id: number,
  change: (node: BuilderNode) => BuilderNode | null,
): BuilderGroup {
  const nodes = group.nodes.flatMap((node): BuilderNode[] => {
    if (node.id === id) {
      const changed = change(node);
      return changed ? [changed] : [];
    }
    return [node.kind === "group" ? editNode(node, id, change) : node];
  });
  return { ...group, nodes };
}

/** Adds a node at the end of the group with this id. */
export function addNode(group: BuilderGroup, groupId: number, node: BuilderNode): BuilderGroup {
  if (group.id === groupId) return { ...group, nodes: [...group.nodes, node] };
  return {
    ...group,
    nodes: group.nodes.map((child) => (child.kind === "group" ? addNode(child, groupId, node) : child)),
  };
}

/** Changes a group's own settings. */
export function editGroup(
  group: BuilderGroup,
  id: number,
  change: Partial<Pick<BuilderGroup, "join" | "negated">>,
): BuilderGroup {
  if (group.id === id) return { ...group, ...change };
  return {
    ...group,
    nodes: group.nodes.map((child) => (child.kind === "group" ? editGroup(child, id, change) : child)),
  };
}
