import { LRUCache } from "lru-cache";
import type { KubeObject } from "../objects/object.ts";

export type Snapshot = { resourceVersion: number; objects: readonly KubeObject[] };

/**
 * The objects of lists that are being read in chunks. Stored objects never change in place, so a snapshot
 * is only a list of references; `continue` reads on from it and sees one consistent state.
 */
export class ListSnapshots {
  #snapshots = new LRUCache<string, Snapshot>({ max: 64, ttl: 5 * 60_000 });

  keep(scope: string, snapshot: Snapshot): void {
    this.#snapshots.set(`${scope}@${snapshot.resourceVersion}`, snapshot);
  }

  find(scope: string, resourceVersion: number): Snapshot | undefined {
    return this.#snapshots.get(`${scope}@${resourceVersion}`);
  }
}
