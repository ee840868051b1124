import type { ASTNode } from "@marcbachmann/cel-js";

/** What an expression may cost: about this many steps of the evaluator. */
export const MOST_COST = 50_000;
/** A list whose length is not written in the expression counts as one of so many elements. */
const LIST_ELEMENTS = 1_000;
/** Steps of what does more than one: it reads a text, or asks for a time zone. */
const CALL_COST: Readonly<Record<string, number>> = { matches: 20, timestamp: 10, duration: 10, split: 20 };

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

/** The steps that evaluating it takes at most, lists counted as above. */
export function costOf(node: ASTNode): number {
  const { called, receiver, parts } = partsOf(node);
  const own = 1 + (called === null ? 0 : (CALL_COST[called] ?? (called.startsWith("get") ? 20 : 0)));
  const ofReceiver = receiver === null ? 0 : costOf(receiver);
  const each = parts.reduce((sum, part) => sum + costOf(part), 0);
  const times = called !== null && COMPREHENSIONS.has(called) ? elementsOf(receiver) : 1;
  return own + ofReceiver + times * each;
}

function elementsOf(list: ASTNode | null): number {
  return list?.op === "list" ? list.args.length : LIST_ELEMENTS;
}
