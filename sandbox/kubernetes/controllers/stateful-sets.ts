import {
  at,
  cloneJson,
  equalJson,
  type Fields,
  fieldsOf,
  isFields,
  listOf,
  numberOf,
  textOf,
} from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { type Client, ownedBy, watchOwned } from "./controller.ts";
import { currentRevision, type Revision } from "./controller-revisions.ts";
import { recordEvent } from "./events.ts";
import { isActive, isReady, podFromTemplate } from "./replica-sets.ts";

const component = "statefulset-controller";
const revisionLabel = "controller-revision-hash";

function ordinalOf(pod: KubeObject): number {
  return Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? -1);
}

/** Creates the claims of one pod, and returns the volumes that use them. */
function claimVolumes(client: Client, set: KubeObject, ordinal: number): Fields[] {
  return listOf(set.spec?.volumeClaimTemplates)
    .filter(isFields)
    .map((template) => {
      const volume = textOf(at(template, "metadata", "name"));
      const name = `${volume}-${set.metadata.name}-${ordinal}`;
      const labels = fieldsOf(at(set, "spec", "selector", "matchLabels")) as Record<string, string>;
      client.create("/persistentvolumeclaims", {
        kind: "PersistentVolumeClaim",
        apiVersion: "v1",
        metadata: { name, namespace: set.metadata.namespace ?? "", labels },
        spec: cloneJson(fieldsOf(template.spec)),
      });
      return { name: volume, persistentVolumeClaim: { claimName: name } };
    });
}

function createPod(client: Client, set: KubeObject, ordinal: number, revision: Revision): void {
  const name = `${set.metadata.name}-${ordinal}`;
  const volumes = [
    ...claimVolumes(client, set, ordinal),
    ...listOf(at(set, "spec", "template", "spec", "volumes")),
  ];
  const labels = {
    "apps.kubernetes.io/pod-index": String(ordinal),
    [revisionLabel]: revision.name,
    "statefulset.kubernetes.io/pod-name": name,
  };
  const spec = {
    hostname: name,
    subdomain: set.spec?.serviceName,
    ...(volumes.length > 0 ? { volumes } : {}),
  };
  const created = client.create("/pods", podFromTemplate(set, { name, labels }, spec));
  if (created === undefined) return;
  const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
  recordEvent(client, { object: set, reason: "SuccessfulCreate", message, component });
}

/** One step toward the wanted pods: they come and go one at a time, in order, unless `Parallel`. */
function step(client: Client, set: KubeObject, revision: Revision): void {
  const pods = ownedBy(client.list("/pods", set.metadata.namespace), set);
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
  const wanted = numberOf(set.spec?.replicas);
  const parallel = set.spec?.podManagementPolicy === "Parallel";
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined) createPod(client, set, ordinal, revision);
    if ((pod === undefined || !isReady(pod)) && !parallel) return;
  }
  const surplus = pods
    .filter((pod) => ordinalOf(pod) >= wanted)
    .sort((left, right) => ordinalOf(right) - ordinalOf(left));
  if (surplus.length > 0) {
    const last = surplus[0];
    if (last !== undefined && isActive(last)) client.delete("/pods", last);
    return;
  }
  if (at(set, "spec", "updateStrategy", "type") === "OnDelete") return;
  const partition = numberOf(at(set, "spec", "updateStrategy", "rollingUpdate", "partition"));
  const outdated = pods
    .filter((pod) => pod.metadata.labels?.[revisionLabel] !== revision.name && ordinalOf(pod) >= partition)
    .sort((left, right) => ordinalOf(right) - ordinalOf(left))[0];
  if (outdated !== undefined && pods.every(isActive)) client.delete("/pods", outdated);
}

function updateStatus(client: Client, set: KubeObject, revision: Revision): void {
  const pods = ownedBy(client.list("/pods", set.metadata.namespace), set).filter(isActive);
  const ready = pods.filter(isReady).length;
  const updated = pods.filter((pod) => pod.metadata.labels?.[revisionLabel] === revision.name).length;
  client.updateStatus("apps/statefulsets", set, (before) => {
    const finished = updated === pods.length && ready === numberOf(set.spec?.replicas);
    const after = {
      observedGeneration: set.metadata.generation,
      replicas: pods.length,
      readyReplicas: ready,
      availableReplicas: ready,
      currentReplicas: finished ? pods.length : pods.length - updated,
      updatedReplicas: updated,
      currentRevision: finished ? revision.name : textOf(before.currentRevision) || revision.name,
      updateRevision: revision.name,
      collisionCount: 0,
    };
    return equalJson(before, after) ? before : after;
  });
}

export function startStatefulSets(client: Client): void {
  watchOwned(client, {
    storage: "apps/statefulsets",
    owned: ["/pods"],
    kind: "StatefulSet",
    reconcile(set) {
      if (set.metadata.deletionTimestamp !== undefined) return;
      const revision = currentRevision(client, set);
      step(client, set, revision);
      updateStatus(client, set, revision);
    },
  });
}
