import type { Labels } from "../../access/policy/labels.ts";
import { Listeners } from "../../listeners.ts";
import { processState } from "../../process-state.ts";

const state = processState("clusters/node-labels", () => ({
  /** By cluster, then by node. */
  clusters: new Map<string, ReadonlyMap<string, Labels>>(),
  listeners: new Listeners(),
}));

/** The labels of a node, from memory; null where they are not known. */
export function findNodeLabels(clusterId: string, node: string): Labels | null {
  return state.clusters.get(clusterId)?.get(node) ?? null;
}

/** The labels of all nodes of a cluster, by name; null where they are not known. */
export function nodeLabelsOf(clusterId: string): ReadonlyMap<string, Labels> | null {
  return state.clusters.get(clusterId) ?? null;
}

/** What is known of a cluster from now on; null: nothing. */
export function setNodeLabels(clusterId: string, nodes: ReadonlyMap<string, Labels> | null): void {
  if (nodes === null && !state.clusters.has(clusterId)) return;
  const before = state.clusters.get(clusterId);
  if (nodes === null) state.clusters.delete(clusterId);
  else state.clusters.set(clusterId, nodes);
  // Nodes say something every few seconds; their labels hardly ever change.
  if (!isSame(before, nodes ?? undefined)) state.listeners.tell();
}

/** Calls `listener` after each change of what is known. Returns the unsubscriber. */
export function onNodeLabels(listener: () => void): () => void {
  return state.listeners.add(listener);
}

function isSame(
  before: ReadonlyMap<string, Labels> | undefined,
  now: ReadonlyMap<string, Labels> | undefined,
): boolean {
  if (before === undefined || now === undefined || before.size !== now.size) return before === now;
  for (const [name, labels] of now) {
    const others = before.get(name);
    if (others === undefined || !isSameLabels(labels, others)) return false;
  }
  return true;
}

function isSameLabels(a: Labels, b: Labels): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
