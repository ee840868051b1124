import type { KubeObject } from "../objects/object.ts";
import type { StoreEvent } from "../storage/store.ts";
import type { Client } from "./controller.ts";

type Dependent = { storage: string; object: KubeObject };

function dependentsOf(client: Client, owner: KubeObject): Dependent[] {
  const { store } = client.cluster;
  return store.storages().flatMap((storage) =>
    store
      .list(storage, owner.metadata.namespace ?? "")
      .filter((object) => object.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid))
      .map((object) => ({ storage, object })),
  );
}

function dropFinalizer(client: Client, storage: string, owner: KubeObject, finalizer: string): void {
  client.update(storage, owner, (object) => {
    const finalizers = (object.metadata.finalizers ?? []).filter((name) => name !== finalizer);
    return { ...object, metadata: { ...object.metadata, finalizers } };
  });
}

/** `Orphan`: the dependents stay and forget their owner. */
function orphan(client: Client, storage: string, owner: KubeObject): void {
  for (const { storage: kind, object } of dependentsOf(client, owner)) {
    client.update(kind, object, (current) => {
      const references = (current.metadata.ownerReferences ?? []).filter(
        ({ uid }) => uid !== owner.metadata.uid,
      );
      const { ownerReferences: _references, ...metadata } = current.metadata;
      return {
        ...current,
        metadata: references.length > 0 ? { ...metadata, ownerReferences: references } : metadata,
      };
    });
  }
  dropFinalizer(client, storage, owner, "orphan");
}

/** `Foreground`: the owner goes once its dependents are gone. */
function deleteForeground(client: Client, storage: string, owner: KubeObject): void {
  const dependents = dependentsOf(client, owner);
  for (const { storage: kind, object } of dependents) {
    if (object.metadata.deletionTimestamp === undefined)
      client.delete(kind, object, { propagationPolicy: "Background" });
  }
  if (dependents.length === 0) dropFinalizer(client, storage, owner, "foregroundDeletion");
  else client.schedule(200, () => deleteForeground(client, storage, owner));
}

/** Deletes what is owned by what is gone, and carries out `Orphan` and `Foreground` deletions. */
export class GarbageCollector {
  readonly #client: Client;
  readonly #watched = new Set<string>();
  readonly #handled = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Also called when custom resources have been added. */
  watchAll(): void {
    const { registry, store } = this.#client.cluster;
    for (const { storage, virtual } of registry.resources) {
      if (virtual || this.#watched.has(storage)) continue;
      this.#watched.add(storage);
      store.subscribe(storage, (event) => this.#handle(storage, event));
    }
  }

  #handle(storage: string, { type, object }: StoreEvent): void {
    const { uid, deletionTimestamp, finalizers = [] } = object.metadata;
    if (type === "DELETED") {
      this.#handled.delete(uid);
      this.#client.schedule(50, () => this.#deleteDependents(object));
      return;
    }
    if (deletionTimestamp === undefined || this.#handled.has(uid)) return;
    const protection = finalizers.filter(
      (finalizer) => finalizer.endsWith("-protection") && finalizer.startsWith("kubernetes.io/"),
    );
    const ours = finalizers.some((finalizer) => finalizer === "orphan" || finalizer === "foregroundDeletion");
    if (!ours && protection.length === 0) return;
    this.#handled.add(uid);
    this.#client.schedule(50, () => {
      if (finalizers.includes("orphan")) orphan(this.#client, storage, object);
      if (finalizers.includes("foregroundDeletion")) deleteForeground(this.#client, storage, object);
      for (const finalizer of protection) this.#release(storage, object, finalizer);
    });
  }

  /** Volumes and claims in use are protected until they are not. */
  #release(storage: string, object: KubeObject, finalizer: string): void {
    const { namespace = "", name, uid } = object.metadata;
    const current = this.#client.get(storage, namespace, name);
    if (current?.metadata.uid !== uid) return;
    const claim = storage === "/persistentvolumeclaims";
    const users = claim
      ? this.#client
          .list("/pods", namespace)
          .filter((pod) => JSON.stringify(pod.spec?.volumes ?? []).includes(`"claimName":"${name}"`))
      : [];
    const bound = !claim && current.status?.phase === "Bound";
    if (users.length === 0 && !bound) dropFinalizer(this.#client, storage, current, finalizer);
    else this.#client.schedule(1000, () => this.#release(storage, object, finalizer));
  }

  #deleteDependents(owner: KubeObject): void {
    for (const { storage, object } of dependentsOf(this.#client, owner)) {
      const others = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
      if (others.length === 0) this.#client.delete(storage, object, { propagationPolicy: "Background" });
    }
  }
}
