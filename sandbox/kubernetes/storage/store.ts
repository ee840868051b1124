import type { KubeObject } from "../objects/object.ts";

export type StoreEvent = {
  type: "ADDED" | "MODIFIED" | "DELETED";
  object: KubeObject;
  previous: KubeObject | undefined;
  resourceVersion: number;
};

type Listener = (event: StoreEvent) => void;

/** Events kept for each resource; watches that start further back are told 410 Gone. */
const eventHistory = 2000;

class Collection {
  readonly objects = new Map<string, KubeObject>();
  readonly listeners = new Set<Listener>();
  events: StoreEvent[] = [];
  /** Every change after this resource version is still in `events`. */
  completeSince = 0;
  /** In etcd's order. Replaced with every write, never changed: lists being read in chunks refer to it. */
  sorted: readonly KubeObject[] = [];
}

function orderOf(object: KubeObject): string {
  return keyOf(object.metadata.namespace ?? "", object.metadata.name);
}

/** Where a key is in a sorted list, or where it would go. */
function positionOf(sorted: readonly KubeObject[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (orderOf(sorted[middle]!) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/**
 * All objects, by `group/resource` and then `namespace/name`, with one resource version that counts every
 * write, and the latest events of each resource for watches.
 */
export class Store {
  #collections = new Map<string, Collection>();
  #resourceVersion = 1000;

  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  get(storage: string, namespace: string, name: string): KubeObject | undefined {
    return this.#collection(storage).objects.get(keyOf(namespace, name));
  }

  /** The objects in etcd's order; of every namespace when `namespace` is empty. Not to be changed. */
  list(storage: string, namespace = ""): readonly KubeObject[] {
    const collection = this.#collection(storage);
    if (namespace === "") return collection.sorted;
    return collection.sorted.filter((object) => object.metadata.namespace === namespace);
  }

  storages(): string[] {
    return [...this.#collections.keys()];
  }

  /** Writes an object under the next resource version and tells the watchers. */
  put(storage: string, object: KubeObject): KubeObject {
    const collection = this.#collection(storage);
    const key = keyOf(object.metadata.namespace ?? "", object.metadata.name);
    const previous = collection.objects.get(key);
    const stored = this.#stamp(object);
    collection.objects.set(key, stored);
    const position = positionOf(collection.sorted, key);
    collection.sorted = collection.sorted.toSpliced(position, previous === undefined ? 0 : 1, stored);
    this.#publish(collection, {
      type: previous === undefined ? "ADDED" : "MODIFIED",
      object: stored,
      previous,
      resourceVersion: this.#resourceVersion,
    });
    return stored;
  }

  remove(storage: string, object: KubeObject): KubeObject | undefined {
    const collection = this.#collection(storage);
    const key = keyOf(object.metadata.namespace ?? "", object.metadata.name);
    const previous = collection.objects.get(key);
    if (previous === undefined) return undefined;
    const removed = this.#stamp(previous);
    collection.objects.delete(key);
    collection.sorted = collection.sorted.toSpliced(positionOf(collection.sorted, key), 1);
    this.#publish(collection, {
      type: "DELETED",
      object: removed,
      previous,
      resourceVersion: this.#resourceVersion,
    });
    return removed;
  }

  /** The changes after a resource version, or undefined when some of them are forgotten. */
  eventsSince(storage: string, resourceVersion: number): StoreEvent[] | undefined {
    const collection = this.#collection(storage);
    if (resourceVersion < collection.completeSince) return undefined;
    return collection.events.filter((event) => event.resourceVersion > resourceVersion);
  }

  /** Calls back for every later change, in order, until the returned function is called. */
  subscribe(storage: string, listener: Listener): () => void {
    const { listeners } = this.#collection(storage);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Forgets the events so far, as etcd's compaction does. */
  compact(): void {
    for (const collection of this.#collections.values()) {
      collection.events = [];
      collection.completeSince = this.#resourceVersion;
    }
  }

  #stamp(object: KubeObject): KubeObject {
    this.#resourceVersion += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.#resourceVersion) };
    return { ...object, metadata };
  }

  #publish(collection: Collection, event: StoreEvent): void {
    collection.events.push(event);
    if (collection.events.length > eventHistory) {
      const forgotten = collection.events.splice(0, eventHistory / 4);
      collection.completeSince = forgotten.at(-1)?.resourceVersion ?? collection.completeSince;
    }
    for (const listener of [...collection.listeners]) listener(event);
  }

  #collection(storage: string): Collection {
    let collection = this.#collections.get(storage);
    if (collection === undefined) {
      collection = new Collection();
      this.#collections.set(storage, collection);
    }
    return collection;
  }
}
