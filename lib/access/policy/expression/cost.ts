import type { ASTNode } from "@marcbachmann/cel-js";

/** What an expression may cost: about this many steps of the evaluator. */
export const MOST_COST = 50_000;
/** A list whose length is not written in the expression counts as one of so many elements. */
const LIST_ELEMENTS = 1_000;
/** Steps of what does more than one: it reads a text, or asks for a time zone. */
const CALL_COST: Readonly<Record<string, number>> = { matches: 20, timestamp: 10, duration: 10, split: 20 };

/** Steps of what looks through a list that is not written in the expression: it compares, which is less than to evaluate. */
const LOOK_COST = 100;
const LOOKS: ReadonlySet<string> = new Set(["in", "==", "!="]);

export const COMPREHENSIONS: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "map", "filter"]);

/** The nodes directly under a node, and the name of what it calls. */
export function partsOf(node: ASTNode): {
  called: string | null;
  receiver: ASTNode | null;
  parts: ASTNode[];
} {
  const isCall = node.op === "call" || node.op === "rcall";
  const receiver = node.op === "rcall" ? node.args[1] : null;
  return {
    called: isCall ? node.args[0] : null,
    receiver,
    parts: [node.args].flat(3).filter((part): part is ASTNode => isNode(part) && part !== receiver),
  };
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}

/** The type that the library found when it checked the expression: `list<string>`; null for what it did not look at. */
export function typeOf(node: ASTNode): string | null {
  const { checkedType } = node as ASTNode & { checkedType?: object };
  return checkedType === undefined ? null : String(checkedType);
}

/** What it takes to look through a value: nothing for a text, more than there may be for a list of lists. */
function lookCost(node: ASTNode): number {
  if (node.op === "list" || node.op === "map")
    return partsOf(node).parts.reduce((sum, part) => sum + lookCost(part), 0);
  const depth = (typeOf(node) ?? "list<").match(/list<|map</g)?.length ?? 0;
  return depth === 0 ? 0 : LOOK_COST * LIST_ELEMENTS ** (depth - 1);
}

/** A key of a map is not looked for. */
function lookCostOf({ op }: ASTNode, parts: readonly ASTNode[]): number {
  if (!LOOKS.has(op)) return 0;
  const isKey = op === "in" && parts[1] !== undefined && typeOf(parts[1])?.startsWith("map<");
  return isKey ? 0 : parts.reduce((sum, part) => sum + lookCost(part), 0);
}

/** The steps that evaluating it takes at most, lists counted as above. */
export function costOf(node: ASTNode): number {
  const { called, receiver, parts } = partsOf(node);
  const own = 1 + (called === null ? 0 : (CALL_COST[called] ?? (called.startsWith("get") ? 20 : 0)));
  const ofReceiver = receiver === null ? 0 : costOf(receiver);
  const each = parts.reduce((sum, part) => sum + costOf(part), 0);
  const times = called !== null && COMPREHENSIONS.has(called) ? elementsOf(receiver) : 1;
  return own + lookCostOf(node, parts) + ofReceiver + times * each;
}

function elementsOf(list: ASTNode | null): number {
  return list?.op === "list" ? list.args.length : LIST_ELEMENTS;
}
