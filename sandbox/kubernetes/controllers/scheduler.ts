import { at, type Fields, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import { formatTime, type KubeObject } from "../objects/object.ts";
import { mapSelector } from "../selectors/label-selector.ts";
import type { Client } from "./controller.ts";
import { recordEvent } from "./events.ts";

const component = "default-scheduler";

function tolerates(pod: KubeObject, taint: Fields): boolean {
  return listOf(at(pod, "spec", "tolerations"))
    .filter(isFields)
    .some((toleration) => {
      const effect = toleration.effect === undefined || toleration.effect === taint.effect;
      if (toleration.operator === "Exists")
        return effect && (toleration.key === undefined || toleration.key === taint.key);
      return effect && toleration.key === taint.key && (toleration.value ?? "") === (taint.value ?? "");
    });
}

/** Whether a pod may run on a node: its selector, the node's taints and cordon. */
export function fits(pod: KubeObject, node: KubeObject): boolean {
  const spec = fieldsOf(node.spec);
  const taints = listOf(spec.taints).filter(isFields);
  const barred = taints.some((taint) => taint.effect !== "PreferNoSchedule" && !tolerates(pod, taint));
  return !barred && mapSelector(at(pod, "spec", "nodeSelector"))(node.metadata.labels);
}

function isSchedulable(node: KubeObject): boolean {
  return fieldsOf(node.spec).unschedulable !== true;
}

function scheduledCondition(client: Client, status: "True" | "False", message?: string): Fields {
  return {
    type: "PodScheduled",
    status,
    lastProbeTime: null,
    lastTransitionTime: formatTime(client.now),
    ...(message === undefined ? {} : { reason: "Unschedulable", message }),
  };
}

/** Gives pods the fitting node that runs the fewest. */
export function startScheduler(client: Client): void {
  const schedulePod = (namespace: string, name: string) => {
    const pod = client.get("/pods", namespace, name);
    if (pod === undefined || textOf(pod.spec?.nodeName) !== "" || pod.metadata.deletionTimestamp) return;
    const nodes = client.list("/nodes");
    const load = new Map<string, number>();
    for (const other of client.list("/pods")) {
      const node = textOf(at(other, "spec", "nodeName"));
      load.set(node, (load.get(node) ?? 0) + 1);
    }
    const fitting = nodes
      .filter((node) => isSchedulable(node) && fits(pod, node))
      .sort((left, right) => (load.get(left.metadata.name) ?? 0) - (load.get(right.metadata.name) ?? 0));
    const node = fitting[0];
    if (node === undefined) {
      const message = `0/${nodes.length} nodes are available: ${nodes.length} node(s) didn't match Pod's node affinity/selector or were unschedulable. preemption: 0/${nodes.length} nodes are available: ${nodes.length} Preemption is not helpful for scheduling.`;
      client.updateStatus("/pods", pod, (status) => ({
        ...status,
        conditions: [scheduledCondition(client, "False", message)],
      }));
      recordEvent(client, { object: pod, reason: "FailedScheduling", message, type: "Warning", component });
      client.schedule(5000, () => schedulePod(namespace, name));
      return;
    }
    client.update("/pods", pod, (current) => ({
      ...current,
      spec: { ...current.spec, nodeName: node.metadata.name },
    }));
    client.updateStatus("/pods", pod, (status) => ({
      ...status,
      conditions: [scheduledCondition(client, "True")],
    }));
    const message = `Successfully assigned ${namespace}/${name} to ${node.metadata.name}`;
    recordEvent(client, { object: pod, reason: "Scheduled", message, component });
  };
  client.cluster.store.subscribe("/pods", ({ type, object }) => {
    if (type !== "ADDED" || textOf(at(object, "spec", "nodeName")) !== "") return;
    client.schedule(60, () => schedulePod(object.metadata.namespace ?? "", object.metadata.name));
  });
}
