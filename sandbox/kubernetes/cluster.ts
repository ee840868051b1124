import { randomUUID } from "node:crypto";
import { Clock } from "./clock.ts";
import { Registry } from "./registry/registry.ts";
import { ListSnapshots } from "./storage/list-snapshots.ts";
import { Store } from "./storage/store.ts";

export type Log = (message: string, details?: Record<string, unknown>) => void;

/** The state of one sandbox cluster, shared by its handlers and controllers. */
export class Cluster {
  readonly registry = new Registry();
  readonly store = new Store();
  readonly clock = new Clock();
  readonly snapshots = new ListSnapshots();
  readonly log: Log;
  /** How long what controllers and kubelets do takes, of what it takes on a small real cluster. */
  readonly pace: number;
  #nextUid: () => string = randomUUID;
  #randomState = 0x2545f491;

  constructor(log: Log, pace = 1) {
    this.log = log;
    this.pace = pace;
  }

  now(): Date {
    return this.clock.now();
  }

  newUid(): string {
    return this.#nextUid();
  }

  /** A number in [0, 1); the same sequence at every start, so that the seeded cluster is always the same. */
  random(): number {
    this.#randomState ^= this.#randomState << 13;
    this.#randomState ^= this.#randomState >>> 17;
    this.#randomState ^= this.#randomState << 5;
    return (this.#randomState >>> 0) / 2 ** 32;
  }

  /** The random ending that kube-apiserver gives to generated names. */
  randomSuffix(length = 5): string {
    const alphabet = "bcdfghjklmnpqrstvwxz2456789";
    return Array.from({ length }, () => alphabet[Math.floor(this.random() * alphabet.length)]).join("");
  }

  /** While `work` runs, identifiers come from the fixed sequence too. */
  withFixedUids(work: () => void): void {
    const hex = (length: number) =>
      Array.from({ length }, () => Math.floor(this.random() * 16).toString(16)).join("");
    this.#nextUid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
    try {
      work();
    } finally {
      this.#nextUid = randomUUID;
    }
  }
}
