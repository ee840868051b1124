import { at, cloneJson, equalJson, type Fields, fieldsOf, numberOf, textOf } from "../objects/fields.ts";
import type { KubeObject, NewObject } from "../objects/object.ts";
import { conditionStatus } from "../table/format.ts";
import { type Client, ownedBy, ownerReference, watchOwned } from "./controller.ts";
import { recordEvent } from "./events.ts";

export function isReady(pod: KubeObject): boolean {
  return conditionStatus(at(pod, "status", "conditions"), "Ready") === "True";
}

export function isActive(pod: KubeObject): boolean {
  const phase = textOf(at(pod, "status", "phase"));
  return pod.metadata.deletionTimestamp === undefined && phase !== "Succeeded" && phase !== "Failed";
}

/** A pod made from an owner's template. */
export function podFromTemplate(
  owner: KubeObject,
  metadata: NewObject["metadata"],
  spec: Fields = {},
): NewObject {
  const template = fieldsOf(owner.spec?.template);
  const templateMetadata = fieldsOf(template.metadata) as NewObject["metadata"];
  return {
    kind: "Pod",
    apiVersion: "v1",
    metadata: {
      ...(templateMetadata.annotations ? { annotations: templateMetadata.annotations } : {}),
      ...metadata,
      labels: { ...templateMetadata.labels, ...metadata.labels },
      namespace: owner.metadata.namespace ?? "",
      ownerReferences: [ownerReference(owner)],
    },
    spec: { ...cloneJson(fieldsOf(template.spec)), ...spec },
  };
}

/** The pods to lose first: those not running, then the youngest. */
function byDispensability(left: KubeObject, right: KubeObject): number {
  if (isReady(left) !== isReady(right)) return isReady(left) ? 1 : -1;
  return left.metadata.creationTimestamp < right.metadata.creationTimestamp ? 1 : -1;
}

function scalePods(client: Client, owner: KubeObject, component: string): void {
  const active = ownedBy(client.list("/pods", owner.metadata.namespace), owner).filter(isActive);
  const wanted = numberOf(owner.spec?.replicas);
  for (let count = active.length; count < wanted; count += 1) {
    const generateName = `${owner.metadata.name}-`;
    const created = client.create("/pods", podFromTemplate(owner, { generateName }));
    if (created === undefined) return;
    const message = `Created pod: ${created.metadata.name}`;
    recordEvent(client, { object: owner, reason: "SuccessfulCreate", message, component });
  }
  for (const pod of [...active].sort(byDispensability).slice(0, Math.max(0, active.length - wanted))) {
    client.delete("/pods", pod);
    const message = `Deleted pod: ${pod.metadata.name}`;
    recordEvent(client, { object: owner, reason: "SuccessfulDelete", message, component });
  }
}

function countPods(client: Client, owner: KubeObject): Fields {
  const active = ownedBy(client.list("/pods", owner.metadata.namespace), owner).filter(isActive);
  const ready = active.filter(isReady).length;
  return {
    replicas: active.length,
    fullyLabeledReplicas: active.length,
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
  };
}

function reconcile(client: Client, storage: string, component: string, owner: KubeObject): void {
  if (owner.metadata.deletionTimestamp === undefined) scalePods(client, owner, component);
  client.updateStatus(storage, owner, (before) => {
    const counts = { ...countPods(client, owner), observedGeneration: owner.metadata.generation };
    const { readyReplicas: _ready, availableReplicas: _available, ...rest } = before;
    const after = { ...rest, ...counts };
    return equalJson(before, after) ? before : after;
  });
}

export function startReplicaSets(client: Client): void {
  watchOwned(client, {
    storage: "apps/replicasets",
    owned: ["/pods"],
    kind: "ReplicaSet",
    reconcile: (owner) => reconcile(client, "apps/replicasets", "replicaset-controller", owner),
  });
  watchOwned(client, {
    storage: "/replicationcontrollers",
    owned: ["/pods"],
    kind: "ReplicationController",
    reconcile: (owner) => reconcile(client, "/replicationcontrollers", "replication-controller", owner),
  });
}
