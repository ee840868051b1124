import type { ResourceCall } from "../http/call.ts";
import { sendJson } from "../http/respond.ts";
import { notFound } from "../http/status-error.ts";
import { at, type Fields, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import { formatTime, type KubeObject } from "../objects/object.ts";
import { filterOf } from "../rest/list.ts";

/** A number that depends on a name and drifts slowly, so that `top` moves a little from call to call. */
function drifting(name: string, low: number, high: number, now: number): number {
  let hash = 7;
  for (const character of name) hash = (hash * 31 + character.charCodeAt(0)) % 100_003;
  const base = low + ((high - low) * (hash % 1000)) / 1000;
  return Math.max(low, Math.round(base * (1 + 0.12 * Math.sin(now / 45_000 + hash))));
}

function times(now: Date): Fields {
  return { timestamp: formatTime(new Date(now.getTime() - 12_000)), window: "15s" };
}

function podMetrics(pod: KubeObject, now: Date): Fields {
  const containers = listOf(at(pod, "spec", "containers"))
    .filter(isFields)
    .map(({ name }) => {
      const key = `${pod.metadata.name}/${textOf(name)}`;
      const cpu = `${drifting(key, 1, 180, now.getTime()) * 1_000_000}n`;
      return { name, usage: { cpu, memory: `${drifting(`m${key}`, 12_000, 420_000, now.getTime())}Ki` } };
    });
  const { name, namespace, labels } = pod.metadata;
  return {
    metadata: { name, namespace, labels, creationTimestamp: formatTime(now) },
    ...times(now),
    containers,
  };
}

function nodeMetrics(node: KubeObject, now: Date): Fields {
  const { name, labels } = node.metadata;
  const usage = {
    cpu: `${drifting(name, 400, 1900, now.getTime()) * 1_000_000}n`,
    memory: `${drifting(`m${name}`, 3_000_000, 9_000_000, now.getTime())}Ki`,
  };
  return { metadata: { name, labels, creationTimestamp: formatTime(now) }, ...times(now), usage };
}

function isMeasured(object: KubeObject): boolean {
  return object.kind === "Node" || fieldsOf(object.status).phase === "Running";
}

/** `metrics.k8s.io`: made-up but steady usage of nodes and running pods. */
export function handleMetrics(call: ResourceCall): void {
  const { req, res, resource, info, services } = call;
  const { store } = services.cluster;
  const now = services.cluster.now();
  const measure = resource.resource === "nodes" ? nodeMetrics : podMetrics;
  const apiVersion = "metrics.k8s.io/v1beta1";
  const namespace = resource.namespaced ? info.namespace : "";
  if (info.verb === "get") {
    const object = store.get(resource.storage, namespace, info.name);
    if (object === undefined || !isMeasured(object)) {
      throw notFound(resource, resource.namespaced ? `${namespace}/${info.name}` : info.name);
    }
    sendJson(req, res, 200, { kind: resource.kind, apiVersion, ...measure(object, now) });
    return;
  }
  const matches = filterOf(call);
  const objects = store
    .list(resource.storage, namespace)
    .filter((object) => isMeasured(object) && matches(object));
  const items = objects.map((object) => measure(object, now));
  sendJson(req, res, 200, { kind: `${resource.kind}List`, apiVersion, metadata: {}, items });
}
