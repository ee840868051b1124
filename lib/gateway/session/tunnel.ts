import type { Duplex } from "node:stream";
import type { CallRecord } from "../call/call-record.ts";
import { type Sender, type SessionObserver, SessionObservers } from "./session-observer.ts";
import { TunnelDirection } from "./tunnel-direction.ts";

interface TunnelSide {
  socket: Duplex;
  /** What came on the connection already. */
  head: Buffer;
}

export interface TunnelInput {
  client: TunnelSide;
  cluster: TunnelSide;
  /** In the order in which each chunk is shown to them. */
  observers: readonly SessionObserver[];
  /** Counts the bytes of both directions. */
  record: Pick<CallRecord, "bytesIn" | "bytesOut">;
  /** Aborted: the client left, or its access ended. */
  signal: AbortSignal;
}

export type TunnelEnd =
  | { kind: "cluster-ended" }
  | { kind: "client-ended" }
  /** An observer failed, or saw what may not pass. */
  | { kind: "observer-failed"; error: Error };

/** How long the cluster may say nothing, once the client said that it is done, before that is the end. */
const LINGER_MS = 10_000;

/**
 * Passes bytes between two connections until one of them ends, with back-pressure; memory is what the two sockets buffer, and a chunk each
 * way that an observer holds. The cluster's connection is gone when it resolves; the client's is still open, so that its end can wait for
 * the record.
 */
export function runTunnel(input: TunnelInput): Promise<TunnelEnd> {
  return new Promise((resolve) => new Tunnel(input, resolve).run());
}

class Tunnel {
  readonly #input: TunnelInput;
  readonly #resolve: (end: TunnelEnd) => void;
  readonly #observers: SessionObservers;
  readonly #fromClient: TunnelDirection;
  readonly #fromCluster: TunnelDirection;
  #linger: NodeJS.Timeout | undefined;
  #finished = false;

  constructor(input: TunnelInput, resolve: (end: TunnelEnd) => void) {
    this.#input = input;
    this.#resolve = resolve;
    const { observers, client, cluster } = input;
    this.#observers = new SessionObservers(observers, (error) =>
      this.#finish({ kind: "observer-failed", error }),
    );
    const direction = (sender: Sender, from: Duplex, to: Duplex) =>
      new TunnelDirection({ from, to, observe: (chunk) => this.#observe(sender, chunk) });
    this.#fromClient = direction("client", client.socket, cluster.socket);
    this.#fromCluster = direction("cluster", cluster.socket, client.socket);
  }

  run(): void {
    const { client, cluster, signal } = this.#input;
    if (signal.aborted) {
      this.#onAbort();
      return;
    }
    signal.addEventListener("abort", this.#onAbort);
    cluster.socket.once("end", this.#onClusterGone);
    cluster.socket.once("close", this.#onClusterGone);
    client.socket.once("end", this.#onClientEnd);
    this.#fromCluster.start(cluster.head);
    this.#fromClient.start(client.head);
    // What has ended already tells nobody again.
    if (client.socket.readableEnded) this.#onClientEnd();
    if (cluster.socket.readableEnded || cluster.socket.closed) this.#onClusterGone();
  }

  #observe(sender: Sender, chunk: Buffer): Promise<unknown> | undefined {
    const { record } = this.#input;
    if (sender === "client") record.bytesIn += chunk.length;
    else record.bytesOut += chunk.length;
    this.#linger?.refresh();
    return this.#observers.observe(sender, chunk);
  }

  readonly #onAbort = (): void => this.#finish({ kind: "client-ended" });

  readonly #onClusterGone = (): void => this.#fromCluster.end(() => this.#finish({ kind: "cluster-ended" }));

  readonly #onClientEnd = (): void => {
    this.#fromClient.end(() => {
      this.#input.cluster.socket.end();
      this.#linger = setTimeout(() => this.#onLinger(), LINGER_MS);
    });
  };

  #onLinger(): void {
    // A cluster that is not read says nothing.
    if (this.#fromCluster.isWaiting) this.#linger?.refresh();
    else this.#finish({ kind: "client-ended" });
  }

  #finish(end: TunnelEnd): void {
    if (this.#finished) return;
    this.#finished = true;
    clearTimeout(this.#linger);
    const { client, cluster, signal } = this.#input;
    signal.removeEventListener("abort", this.#onAbort);
    cluster.socket.off("end", this.#onClusterGone).off("close", this.#onClusterGone);
    client.socket.off("end", this.#onClientEnd);
    this.#observers.stop();
    this.#fromClient.stop();
    this.#fromCluster.stop();
    cluster.socket.destroy();
    client.socket.pause();
    this.#resolve(end);
  }
}
