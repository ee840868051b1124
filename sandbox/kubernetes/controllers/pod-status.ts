import { at, type Fields, isFields, listOf, numberOf, textOf } from "../objects/fields.ts";
import { formatTime, type KubeObject } from "../objects/object.ts";
import { replaceStatus } from "./container-status.ts";
import type { Client } from "./controller.ts";
import { podConditions } from "./pod-conditions.ts";

function phaseOf(pod: KubeObject, statuses: Fields[]): string {
  const policy = at(pod, "spec", "restartPolicy");
  const exits = statuses.map((status) => at(status, "state", "terminated", "exitCode"));
  if (exits.every((code) => typeof code === "number") && policy !== "Always") {
    if (exits.every((code) => code === 0)) return "Succeeded";
    if (policy === "Never") return "Failed";
  }
  const begun = statuses.some(
    (status) =>
      status.started === true ||
      exits.some((code) => code !== undefined) ||
      numberOf(status.restartCount) > 0,
  );
  return begun ? "Running" : "Pending";
}

/** Writes one container's status, and the phase and conditions that follow from all of them. */
export function setContainerStatus(client: Client, pod: KubeObject, list: string, changed: Fields): void {
  client.updateStatus("/pods", pod, (status) => {
    const statuses = replaceStatus(listOf(status[list]).filter(isFields), changed);
    const next = { ...status, [list]: statuses };
    if (list !== "containerStatuses") return next;
    const phase = phaseOf(pod, statuses);
    const unready = statuses.filter(({ ready }) => ready !== true).map(({ name }) => textOf(name));
    const completed = phase === "Succeeded" || phase === "Failed";
    return {
      ...next,
      phase,
      conditions: podConditions(status.conditions, unready, completed, formatTime(client.now)),
    };
  });
}
