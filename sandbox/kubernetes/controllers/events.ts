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

/** The names of recorded events, by what makes two the same. */
const recorded = new WeakMap<object, Map<string, string>>();

function namesOf(client: Client): Map<string, string> {
  const { store } = client.cluster;
  const names = recorded.get(store) ?? new Map<string, string>();
  recorded.set(store, names);
  return names;
}

/** Records an event about an object; one that happens again is counted up. */
export function recordEvent(client: Client, input: EventInput): void {
  const { object, reason, message, component } = input;
  const namespace = object.metadata.namespace ?? "default";
  const now = formatTime(client.now);
  const names = namesOf(client);
  const key = `${object.metadata.uid} ${reason} ${message}`;
  const known = client.get("/events", namespace, names.get(key) ?? "");
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
  const created = client.create("/events", {
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
  if (created !== undefined) names.set(key, created.metadata.name);
}

/** Events are kept for an hour, as kube-apiserver's `--event-ttl` has it. */
const timeToLive = 60 * 60_000;

/** Removes events that have not happened again for an hour, now and from time to time. */
export function expireEvents(client: Client): void {
  const limit = formatTime(new Date(client.now.getTime() - timeToLive));
  for (const event of client.list("/events")) {
    if (String(event.lastTimestamp) < limit) client.cluster.store.remove("/events", event);
  }
  const kept = new Set(client.list("/events").map((event) => event.metadata.name));
  const names = namesOf(client);
  for (const [key, name] of names) if (!kept.has(name)) names.delete(key);
  client.cluster.clock.schedule(5 * 60_000, () => expireEvents(client));
}
