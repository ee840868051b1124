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
  if (nodes === null) state.clusters.delete(clusterId);
  else state.clusters.set(clusterId, nodes);
  state.listeners.tell();
}

/** Calls `listener` after each change of what is known. Returns the unsubscriber. */
export function onNodeLabels(listener: () => void): () => void {
  return state.listeners.add(listener);
}
