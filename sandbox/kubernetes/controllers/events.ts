import { numberOf } from "../objects/fields.ts";
import { formatTime, type KubeObject } from "../objects/object.ts";
import type { Client } from "./controller.ts";

export type EventInput = {
  object: KubeObject;
  reason: string;
  message: string;
  type?: "Normal" | "Warning";
  component: string;
  host?: string;
  fieldPath?: string;
};

function isSame(event: KubeObject, { object, reason, message }: EventInput): boolean {
  const about = event.involvedObject as { uid?: string } | undefined;
  return about?.uid === object.metadata.uid && event.reason === reason && event.message === message;
}

/** Records an event about an object; one that happens again is counted up. */
export function recordEvent(client: Client, input: EventInput): void {
  const { object, reason, message, component } = input;
  const namespace = object.metadata.namespace ?? "default";
  const now = formatTime(client.now);
  const known = client.list("/events", namespace).find((event) => isSame(event, input));
  if (known !== undefined) {
    client.update("/events", known, (event) => ({
      ...event,
      count: numberOf(event.count) + 1,
      lastTimestamp: now,
    }));
    return;
  }
  const { uid, name, resourceVersion } = object.metadata;
  const suffix = Math.floor(client.cluster.random() * 2 ** 48)
    .toString(16)
    .padStart(16, "17d");
  client.create("/events", {
    kind: "Event",
    apiVersion: "v1",
    metadata: { name: `${name}.${suffix}`, namespace },
    involvedObject: {
      kind: object.kind,
      namespace: object.metadata.namespace,
      name,
      uid,
      apiVersion: object.apiVersion,
      resourceVersion,
      ...(input.fieldPath === undefined ? {} : { fieldPath: input.fieldPath }),
    },
    reason,
    message,
    source: { component, ...(input.host === undefined ? {} : { host: input.host }) },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    type: input.type ?? "Normal",
    eventTime: null,
    reportingComponent: component,
    reportingInstance: input.host ?? "",
  });
}
