import { at, equalJson, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { objectLabelSelector } from "../selectors/label-selector.ts";
import type { Client } from "./controller.ts";
import { isActive, isReady } from "./replica-sets.ts";

const storage = "policy/poddisruptionbudgets";

function countOf(value: unknown, total: number): number {
  if (typeof value === "number") return value;
  return Math.ceil((total * Number.parseFloat(textOf(value) || "0")) / 100);
}

function reconcile(client: Client, budget: KubeObject): void {
  const selects = objectLabelSelector(budget.spec?.selector);
  const pods = client
    .list("/pods", budget.metadata.namespace)
    .filter((pod) => isActive(pod) && selects(pod.metadata.labels));
  const expectedPods = pods.length;
  const maxUnavailable = at(budget, "spec", "maxUnavailable");
  const desiredHealthy =
    maxUnavailable === undefined
      ? countOf(at(budget, "spec", "minAvailable"), expectedPods)
      : Math.max(0, expectedPods - countOf(maxUnavailable, expectedPods));
  const currentHealthy = pods.filter(isReady).length;
  const counts = {
    observedGeneration: budget.metadata.generation,
    disruptionsAllowed: Math.max(0, currentHealthy - desiredHealthy),
    currentHealthy,
    desiredHealthy,
    expectedPods,
  };
  client.updateStatus(storage, budget, (before) => (equalJson(before, counts) ? before : counts));
}

export function startDisruptionBudgets(client: Client): void {
  const waiting = new Set<string>();
  const enqueue = (namespace: string) => {
    if (waiting.has(namespace)) return;
    waiting.add(namespace);
    client.schedule(60, () => {
      waiting.delete(namespace);
      for (const budget of client.list(storage, namespace)) reconcile(client, budget);
    });
  };
  client.cluster.store.subscribe("/pods", ({ object }) => enqueue(object.metadata.namespace ?? ""));
  client.cluster.store.subscribe(storage, ({ object }) => enqueue(object.metadata.namespace ?? ""));
}
