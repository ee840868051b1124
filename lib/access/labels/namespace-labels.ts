import { Listeners } from "../../listeners.ts";
import { processState } from "../../process-state.ts";
import type { Labels } from "../policy/labels.ts";

const state = processState("access/namespace-labels", () => ({
  /** By cluster, then by namespace. */
  clusters: new Map<string, ReadonlyMap<string, Labels>>(),
  listeners: new Listeners(),
}));

/** The labels of a namespace, from memory; null where they are not known. */
export function findNamespaceLabels(clusterId: string, namespace: string): Labels | null {
  return state.clusters.get(clusterId)?.get(namespace) ?? null;
}

/** The labels of all namespaces of a cluster, by name; null where they are not known. */
export function namespaceLabelsOf(clusterId: string): ReadonlyMap<string, Labels> | null {
  return state.clusters.get(clusterId) ?? null;
}

/** What is known of a cluster from now on; null: nothing, and what asks for labels there is denied. */
export function setNamespaceLabels(clusterId: string, namespaces: ReadonlyMap<string, Labels> | null): void {
  if (namespaces === null && !state.clusters.has(clusterId)) return;
  if (namespaces === null) state.clusters.delete(clusterId);
  else state.clusters.set(clusterId, namespaces);
  state.listeners.tell();
}

/** Calls `listener` after each change of what is known. Returns the unsubscriber. */
export function onNamespaceLabels(listener: () => void): () => void {
  return state.listeners.add(listener);
}
