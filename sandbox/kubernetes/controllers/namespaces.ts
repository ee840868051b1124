import { isFields, listOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import type { Client } from "./controller.ts";

/** What the cluster puts into every namespace. */
function populate(client: Client, namespace: KubeObject): void {
  const { name } = namespace.metadata;
  client.create("/serviceaccounts", {
    kind: "ServiceAccount",
    apiVersion: "v1",
    metadata: { name: "default", namespace: name },
  });
  client.create("/configmaps", {
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: {
      name: "kube-root-ca.crt",
      namespace: name,
      annotations: {
        "kubernetes.io/description":
          "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
      },
    },
    data: { "ca.crt": "-----BEGIN CERTIFICATE-----\nsandbox\n-----END CERTIFICATE-----\n" },
  });
}

/** Everything in a namespace that is being deleted goes with it, then the namespace. */
function empty(client: Client, namespace: KubeObject): void {
  const { store, registry } = client.cluster;
  const { name } = namespace.metadata;
  let left = 0;
  for (const storage of store.storages()) {
    if (
      !registry.resources.some(
        (resource) => resource.storage === storage && resource.namespaced && !resource.virtual,
      )
    ) {
      continue;
    }
    for (const object of store.list(storage, name)) {
      const grace = storage === "/pods" ? { gracePeriodSeconds: 1 } : {};
      client.delete(storage, object, grace);
    }
    left += store.list(storage, name).length;
  }
  if (left > 0) {
    client.schedule(250, () => revisit(client, name));
    return;
  }
  const finalizers = listOf(namespace.metadata.finalizers).filter(
    (finalizer) => finalizer !== "orphan" && finalizer !== "foregroundDeletion",
  );
  if (finalizers.length === 0) store.remove("/namespaces", namespace);
}

function revisit(client: Client, name: string): void {
  const namespace = client.get("/namespaces", "", name);
  if (isFields(namespace) && namespace.metadata.deletionTimestamp !== undefined)
    empty(client, namespace as KubeObject);
}

export function startNamespaces(client: Client): void {
  const emptying = new Set<string>();
  client.cluster.store.subscribe("/namespaces", ({ type, object }) => {
    const { uid, name } = object.metadata;
    if (type === "ADDED") client.schedule(10, () => populate(client, object));
    if (type !== "MODIFIED" || object.metadata.deletionTimestamp === undefined || emptying.has(uid)) return;
    emptying.add(uid);
    client.schedule(200, () => revisit(client, name));
  });
  client.cluster.store.subscribe("/serviceaccounts", ({ type, object }) => {
    const { namespace = "", name } = object.metadata;
    if (type !== "DELETED" || name !== "default") return;
    client.schedule(100, () => {
      const owner = client.get("/namespaces", "", namespace);
      if (owner !== undefined && owner.metadata.deletionTimestamp === undefined) populate(client, owner);
    });
  });
}
