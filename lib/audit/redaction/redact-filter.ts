import type { FilterNode } from "../../filter/tree.ts";
import { createTextRedactor } from "./redact-text.ts";

const { redactArguments } = createTextRedactor();

/** A searched text as the record keeps it. */
export const redactSearched = (text: string): string => redactArguments([text])[0] ?? "";

/** A filter as the record keeps it: whoever looks for a secret, or for a command that holds one, does not leave it there again. */
export function redactFilter(tree: FilterNode | null): FilterNode | null {
  return tree && redactNode(tree);
}

function redactNode(node: FilterNode): FilterNode {
  switch (node.kind) {
    case "comparison":
      return { ...node, values: node.values.map(redactSearched) };
    case "not":
      return { kind: "not", node: redactNode(node.node) };
    case "and":
    case "or":
      return { kind: node.kind, nodes: node.nodes.map(redactNode) };
  }
}
