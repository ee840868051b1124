import { at, equalJson, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { type Client, ownedBy, watchOwned } from "./controller.ts";
import { currentRevision, type Revision } from "./controller-revisions.ts";
import { recordEvent } from "./events.ts";
import { isActive, isReady, podFromTemplate } from "./replica-sets.ts";
import { fits } from "./scheduler.ts";

const component = "daemonset-controller";
const revisionLabel = "controller-revision-hash";

function nodeOf(pod: KubeObject): string {
  return textOf(at(pod, "spec", "nodeName"));
}

function eligibleNodes(client: Client, set: KubeObject): KubeObject[] {
  const probe = {
    ...set,
    spec: (at(set, "spec", "template", "spec") ?? {}) as KubeObject["spec"],
  } as KubeObject;
  return client.list("/nodes").filter((node) => fits(probe, node));
}

function step(client: Client, set: KubeObject, revision: Revision): void {
  const pods = ownedBy(client.list("/pods", set.metadata.namespace), set);
  const nodes = eligibleNodes(client, set).map((node) => node.metadata.name);
  for (const nodeName of nodes) {
    if (pods.some((pod) => nodeOf(pod) === nodeName)) continue;
    const metadata = { generateName: `${set.metadata.name}-`, labels: { [revisionLabel]: revision.hash } };
    const created = client.create("/pods", podFromTemplate(set, metadata, { nodeName }));
    if (created === undefined) return;
    const message = `Created pod: ${created.metadata.name}`;
    recordEvent(client, { object: set, reason: "SuccessfulCreate", message, component });
  }
  for (const pod of pods.filter((pod) => !nodes.includes(nodeOf(pod)))) client.delete("/pods", pod);
  if (at(set, "spec", "updateStrategy", "type") === "OnDelete" || !pods.every(isReady)) return;
  const outdated = pods.find((pod) => pod.metadata.labels?.[revisionLabel] !== revision.hash);
  if (outdated !== undefined && pods.every(isActive)) client.delete("/pods", outdated);
}

function updateStatus(client: Client, set: KubeObject, revision: Revision): void {
  const pods = ownedBy(client.list("/pods", set.metadata.namespace), set).filter(isActive);
  const desired = eligibleNodes(client, set).length;
  const ready = pods.filter(isReady).length;
  const updated = pods.filter((pod) => pod.metadata.labels?.[revisionLabel] === revision.hash).length;
  client.updateStatus("apps/daemonsets", set, (before) => {
    const after = {
      currentNumberScheduled: pods.length,
      numberMisscheduled: 0,
      desiredNumberScheduled: desired,
      numberReady: ready,
      observedGeneration: set.metadata.generation,
      updatedNumberScheduled: updated,
      numberAvailable: ready,
      ...(desired > ready ? { numberUnavailable: desired - ready } : {}),
    };
    return equalJson(before, after) ? before : after;
  });
}

export function startDaemonSets(client: Client): void {
  watchOwned(client, {
    storage: "apps/daemonsets",
    owned: ["/pods"],
    kind: "DaemonSet",
    reconcile(set) {
      if (set.metadata.deletionTimestamp !== undefined) return;
      const revision = currentRevision(client, set);
      step(client, set, revision);
      updateStatus(client, set, revision);
    },
  });
}
