import { createHash } from "node:crypto";
import { at, type Fields, fieldsOf, isFields, listOf, numberOf, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** An image's name as a container runtime reports it. */
export function fullImageName(image: string): string {
  const tagged = /(:[^/]+|@sha256:.*)$/.test(image) ? image : `${image}:latest`;
  const first = tagged.split("/")[0] ?? "";
  if (tagged.includes("/") && /[.:]|^localhost$/.test(first)) return tagged;
  return tagged.includes("/") ? `docker.io/${tagged}` : `docker.io/library/${tagged}`;
}

function containerId(podUid: string, container: string, restarts: number): string {
  return `containerd://${digest(`${podUid}/${container}/${restarts}`)}`;
}

function statusesOf(pod: KubeObject, list: string): Fields[] {
  return listOf(fieldsOf(pod.status)[list]).filter(isFields);
}

export function statusOf(pod: KubeObject, list: string, container: string): Fields | undefined {
  return statusesOf(pod, list).find((status) => status.name === container);
}

export function waitingStatus(container: Fields, reason: string, message?: string, before?: Fields): Fields {
  return {
    name: container.name,
    state: { waiting: { reason, ...(message === undefined ? {} : { message }) } },
    lastState: before?.lastState ?? {},
    ready: false,
    restartCount: numberOf(before?.restartCount),
    image: container.image,
    imageID: textOf(before?.imageID),
    started: false,
  };
}

export function runningStatus(podUid: string, container: Fields, startedAt: string, before?: Fields): Fields {
  const image = fullImageName(textOf(container.image));
  const restartCount = numberOf(before?.restartCount);
  return {
    name: container.name,
    state: { running: { startedAt } },
    lastState: before?.lastState ?? {},
    ready: true,
    restartCount,
    image,
    imageID: `${image.replace(/(:[^/]+)$/, "")}@sha256:${digest(image)}`,
    containerID: containerId(podUid, textOf(container.name), restartCount),
    started: true,
  };
}

/** A running container's status once its process has ended. */
export function terminatedStatus(before: Fields, exitCode: number, finishedAt: string): Fields {
  const terminated = {
    exitCode,
    reason: exitCode === 0 ? "Completed" : "Error",
    startedAt: textOf(at(before, "state", "running", "startedAt")),
    finishedAt,
    containerID: before.containerID,
  };
  return { ...before, state: { terminated }, ready: false, started: false };
}

export function replaceStatus(statuses: Fields[], changed: Fields): Fields[] {
  const others = statuses.filter((status) => status.name !== changed.name);
  return [...others, changed].sort((left, right) => (textOf(left.name) < textOf(right.name) ? -1 : 1));
}
