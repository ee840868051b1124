import { parseQuery } from "./query.ts";

/**
 * The node that a field selector of a list or watch of pods requires: `spec.nodeName=x` or `==`, alone or beside other terms, all of which
 * must hold. Of several selectors kube-apiserver takes the first. Null for none, and for one that would need its own splitter (escapes).
 * k8s.io/apimachinery/pkg/fields.ParseSelector
 */
export function selectedNode(query: string): string | null {
  const selector = parseQuery(query).get("fieldSelector")?.[0] ?? "";
  if (selector.includes("\\")) return null;
  for (const term of selector.split(",")) {
    const [, node] = /^spec\.nodeName==?([^=!]+)$/.exec(term) ?? [];
    if (node !== undefined) return node;
  }
  return null;
}
