import type { Services } from "../http/call.ts";
import { StatusError } from "../http/status-error.ts";
import { createObject } from "../objects/create-object.ts";
import { type DeleteOptions, deleteObject } from "../objects/delete-object.ts";
import type { Fields } from "../objects/fields.ts";
import { controllerOf, type KubeObject, type NewObject } from "../objects/object.ts";
import { updateObject } from "../objects/update-object.ts";

/** What controllers do to objects, always on their latest state. */
export class Client {
  readonly services: Services;
  readonly #manager: string;

  constructor(services: Services, manager: string) {
    this.services = services;
    this.#manager = manager;
  }

  get cluster() {
    return this.services.cluster;
  }

  get now(): Date {
    return this.cluster.now();
  }

  get(storage: string, namespace: string, name: string): KubeObject | undefined {
    return this.cluster.store.get(storage, namespace, name);
  }

  list(storage: string, namespace = ""): readonly KubeObject[] {
    return this.cluster.store.list(storage, namespace);
  }

  /** Creates an object; one that exists already, or a namespace that is going, is no error. */
  create(storage: string, object: NewObject): KubeObject | undefined {
    try {
      const resource = this.cluster.registry.storage(storage);
      return createObject({ cluster: this.cluster, resource, object, manager: this.#manager });
    } catch (error) {
      if (error instanceof StatusError) return undefined;
      throw error;
    }
  }

  /** Changes an object's status; `change` gets the current one. Nothing happens when the object is gone. */
  updateStatus(storage: string, object: KubeObject, change: (status: Fields) => Fields): void {
    const before = this.#current(storage, object);
    if (before === undefined) return;
    const after = { ...before, status: change({ ...before.status }) };
    this.#write(storage, before, after, "status");
  }

  update(
    storage: string,
    object: KubeObject,
    change: (object: KubeObject) => KubeObject,
  ): KubeObject | undefined {
    const before = this.#current(storage, object);
    return before === undefined ? undefined : this.#write(storage, before, change(before), undefined);
  }

  delete(storage: string, object: KubeObject, options: DeleteOptions = {}): void {
    const current = this.#current(storage, object);
    if (current === undefined) return;
    deleteObject({
      cluster: this.cluster,
      resource: this.cluster.registry.storage(storage),
      object: current,
      options,
    });
  }

  /** Does something later; how much later, the cluster's pace says. */
  schedule(milliseconds: number, run: () => void): void {
    this.cluster.clock.schedule(milliseconds * this.cluster.pace, run);
  }

  #current(storage: string, object: KubeObject): KubeObject | undefined {
    const found = this.get(storage, object.metadata.namespace ?? "", object.metadata.name);
    return found?.metadata.uid === object.metadata.uid ? found : undefined;
  }

  #write(storage: string, before: KubeObject, after: KubeObject, subresource: string | undefined) {
    const resource = this.cluster.registry.storage(storage);
    return updateObject({
      cluster: this.cluster,
      resource,
      before,
      after,
      manager: this.#manager,
      subresource,
    });
  }
}

/** The objects of a kind that a controller owns. */
export function ownedBy(objects: readonly KubeObject[], owner: KubeObject): KubeObject[] {
  return objects.filter((object) => controllerOf(object)?.uid === owner.metadata.uid);
}

export function ownerReference(owner: KubeObject) {
  const { apiVersion, kind, metadata } = owner;
  return {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/**
 * Calls `reconcile` for objects of a kind when they, or objects that they own, change; soon, and once for
 * many changes.
 */
export function watchOwned(
  client: Client,
  input: {
    storage: string;
    owned: string[];
    kind: string;
    reconcile(object: KubeObject): void;
    delay?: number;
  },
): void {
  const { store } = client.cluster;
  const waiting = new Set<string>();
  const enqueue = (namespace: string, name: string) => {
    const key = `${namespace}/${name}`;
    if (waiting.has(key)) return;
    waiting.add(key);
    client.schedule(input.delay ?? 20, () => {
      waiting.delete(key);
      const object = client.get(input.storage, namespace, name);
      if (object !== undefined) input.reconcile(object);
    });
  };
  store.subscribe(input.storage, ({ object }) =>
    enqueue(object.metadata.namespace ?? "", object.metadata.name),
  );
  for (const storage of input.owned) {
    store.subscribe(storage, ({ object }) => {
      const owner = controllerOf(object);
      if (owner?.kind === input.kind) enqueue(object.metadata.namespace ?? "", owner.name);
    });
  }
}
