import { at, fieldsOf, isFields, listOf, numberOf, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { ageColumn, ageOf, type Column, column, nameColumn, type PrintContext, wide } from "./columns.ts";
import { conditionStatus, orNone } from "./format.ts";

/** What `kubectl get pods` shows as STATUS: the most telling reason of pod and containers. */
function podStatusText(pod: KubeObject): string {
  const status = fieldsOf(pod.status);
  let reason = textOf(status.reason) || textOf(status.phase);
  const initial = initReason(pod);
  if (initial !== undefined) return pod.metadata.deletionTimestamp === undefined ? initial : "Terminating";
  let running = false;
  for (const container of [...listOf(status.containerStatuses)].reverse()) {
    const waiting = textOf(at(container, "state", "waiting", "reason"));
    const terminated = at(container, "state", "terminated");
    if (waiting !== "") reason = waiting;
    else if (isFields(terminated)) reason = textOf(terminated.reason) || `ExitCode:${terminated.exitCode}`;
    else if (at(container, "ready") === true && at(container, "state", "running") !== undefined)
      running = true;
  }
  if (reason === "Completed" && running) {
    reason = conditionStatus(status.conditions, "Ready") === "True" ? "Running" : "NotReady";
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    return status.reason === "NodeLost"
      ? "Unknown"
      : status.phase === "Succeeded" || status.phase === "Failed"
        ? reason
        : "Terminating";
  }
  return reason;
}

function initReason(pod: KubeObject): string | undefined {
  const statuses = listOf(at(pod, "status", "initContainerStatuses"));
  for (const [index, container] of statuses.entries()) {
    const terminated = at(container, "state", "terminated");
    if (isFields(terminated) && terminated.exitCode === 0) continue;
    if (isFields(terminated)) return `Init:${textOf(terminated.reason) || `ExitCode:${terminated.exitCode}`}`;
    const waiting = textOf(at(container, "state", "waiting", "reason"));
    if (waiting !== "" && waiting !== "PodInitializing") return `Init:${waiting}`;
    return `Init:${index}/${listOf(at(pod, "spec", "initContainers")).length}`;
  }
  return undefined;
}

function restarts(pod: KubeObject, { now }: PrintContext): string {
  const statuses = listOf(at(pod, "status", "containerStatuses"));
  const count = statuses.reduce<number>((sum, status) => sum + numberOf(fieldsOf(status).restartCount), 0);
  const ends = statuses.map((status) => textOf(at(status, "lastState", "terminated", "finishedAt"))).sort();
  const last = ends.at(-1) ?? "";
  return count > 0 && last !== "" ? `${count} (${ageOf(last, now)} ago)` : String(count);
}

function readyText(pod: KubeObject): string {
  const statuses = listOf(at(pod, "status", "containerStatuses"));
  const ready = statuses.filter((status) => fieldsOf(status).ready === true).length;
  return `${ready}/${listOf(at(pod, "spec", "containers")).length}`;
}

function readinessGates(pod: KubeObject): string {
  const gates = listOf(at(pod, "spec", "readinessGates"));
  return gates.length === 0 ? "<none>" : `0/${gates.length}`;
}

export const podColumns: Column[] = [
  nameColumn,
  column("Ready", readyText),
  column("Status", podStatusText),
  column("Restarts", restarts),
  ageColumn,
  wide("IP", (pod) => orNone(at(pod, "status", "podIP"))),
  wide("Node", (pod) => orNone(at(pod, "spec", "nodeName"))),
  wide("Nominated Node", (pod) => orNone(at(pod, "status", "nominatedNodeName"))),
  wide("Readiness Gates", readinessGates),
];
