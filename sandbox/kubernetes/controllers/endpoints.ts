import { at, equalJson, type Fields, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { mapSelector } from "../selectors/label-selector.ts";
import { type Client, ownedBy, ownerReference } from "./controller.ts";
import { isActive, isReady } from "./replica-sets.ts";

function targetPort(port: Fields, pods: KubeObject[]): number {
  const target = port.targetPort ?? port.port;
  if (typeof target === "number") return target;
  for (const pod of pods) {
    const ports = listOf(at(pod, "spec", "containers")).flatMap((container) =>
      listOf(fieldsOf(container).ports),
    );
    const named = ports.filter(isFields).find(({ name }) => name === target);
    if (typeof named?.containerPort === "number") return named.containerPort;
  }
  return Number(port.port);
}

function portsOf(service: KubeObject, pods: KubeObject[]): Fields[] {
  return listOf(service.spec?.ports)
    .filter(isFields)
    .map((port) => ({
      ...(port.name === undefined ? {} : { name: port.name }),
      port: targetPort(port, pods),
      protocol: port.protocol,
    }));
}

function targetRef(pod: KubeObject): Fields {
  return { kind: "Pod", namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid };
}

function address(pod: KubeObject): Fields {
  return { ip: at(pod, "status", "podIP"), nodeName: at(pod, "spec", "nodeName"), targetRef: targetRef(pod) };
}

function subsets(ready: KubeObject[], unready: KubeObject[], ports: Fields[]): Fields[] {
  if (ready.length + unready.length === 0) return [];
  return [
    {
      ...(ready.length > 0 ? { addresses: ready.map(address) } : {}),
      ...(unready.length > 0 ? { notReadyAddresses: unready.map(address) } : {}),
      ports,
    },
  ];
}

function writeEndpoints(client: Client, service: KubeObject, value: Fields[]): void {
  const { name, namespace = "", labels } = service.metadata;
  const known = client.get("/endpoints", namespace, name);
  if (known === undefined) {
    const metadata = { name, namespace, ...(labels ? { labels } : {}) };
    client.create("/endpoints", { kind: "Endpoints", apiVersion: "v1", metadata, subsets: value });
  } else if (!equalJson(known.subsets ?? [], value)) {
    client.update("/endpoints", known, (endpoints) => ({ ...endpoints, subsets: value }));
  }
}

function sliceEndpoint(pod: KubeObject): Fields {
  const ready = isReady(pod);
  return {
    addresses: [at(pod, "status", "podIP")],
    conditions: { ready, serving: ready, terminating: false },
    targetRef: targetRef(pod),
    nodeName: at(pod, "spec", "nodeName"),
  };
}

function writeSlice(client: Client, service: KubeObject, pods: KubeObject[], ports: Fields[]): void {
  const storage = "discovery.k8s.io/endpointslices";
  const { name, namespace = "" } = service.metadata;
  const endpoints = pods.map(sliceEndpoint);
  const known = ownedBy(client.list(storage, namespace), service)[0];
  if (known === undefined) {
    client.create(storage, {
      kind: "EndpointSlice",
      apiVersion: "discovery.k8s.io/v1",
      metadata: {
        generateName: `${name}-`,
        namespace,
        labels: {
          "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
          "kubernetes.io/service-name": name,
        },
        ownerReferences: [ownerReference(service)],
      },
      addressType: "IPv4",
      endpoints,
      ports,
    });
  } else if (!equalJson(known.endpoints, endpoints)) {
    client.update(storage, known, (slice) => ({ ...slice, endpoints, ports }));
  }
}

function reconcile(client: Client, service: KubeObject): void {
  const selector = service.spec?.selector;
  if (!isFields(selector) || Object.keys(selector).length === 0) return;
  const matches = mapSelector(selector);
  const pods = client
    .list("/pods", service.metadata.namespace)
    .filter(
      (pod) => isActive(pod) && matches(pod.metadata.labels) && textOf(at(pod, "status", "podIP")) !== "",
    );
  const ports = portsOf(service, pods);
  const ready = pods.filter(isReady);
  writeEndpoints(
    client,
    service,
    subsets(
      ready,
      pods.filter((pod) => !isReady(pod)),
      ports,
    ),
  );
  writeSlice(client, service, pods, ports);
}

/** Keeps the endpoints and endpoint slices of services with a selector. */
export function startEndpoints(client: Client): void {
  const { store } = client.cluster;
  const waiting = new Set<string>();
  const enqueue = (namespace: string) => {
    if (waiting.has(namespace)) return;
    waiting.add(namespace);
    client.schedule(80, () => {
      waiting.delete(namespace);
      for (const service of client.list("/services", namespace)) reconcile(client, service);
    });
  };
  store.subscribe("/pods", ({ object }) => enqueue(object.metadata.namespace ?? ""));
  store.subscribe("/services", ({ type, object }) => {
    const { namespace = "", name } = object.metadata;
    const endpoints = client.get("/endpoints", namespace, name);
    if (type === "DELETED" && endpoints !== undefined) client.delete("/endpoints", endpoints);
    else enqueue(namespace);
  });
}
