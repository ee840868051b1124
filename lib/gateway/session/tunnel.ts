import type { Duplex } from "node:stream";
import type { FrameBoundary } from "../../wire/frame-boundary.ts";
import { WireError } from "../../wire/wire-error.ts";
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
  /** Follows the frames that the client gets, where it is to be told why its session ends; null where it is not. */
  frames: FrameBoundary | null;
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

/** Of a frame that a failed observer has not seen whole, this much may pass, so that the client can be told behind it why. */
const MOST_UNSEEN_BYTES = 64 * 1024;
/** How long a session that the gateway ends may take to the end of the cluster's frame under way, behind which the client can be told why. */
const FRAME_MS = 1_000;

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
  #frameTimer: NodeJS.Timeout | undefined;
  /** What it ends with, once the end of a frame is waited for. */
  #end: TunnelEnd | null = null;
  #finished = false;

  constructor(input: TunnelInput, resolve: (end: TunnelEnd) => void) {
    this.#input = input;
    this.#resolve = resolve;
    const { observers, client, cluster, frames } = input;
    this.#observers = new SessionObservers(observers, (error) => this.#onObserverFailure(error));
    const direction = (sender: Sender, from: Duplex, to: Duplex) => ({
      ...{ from, to },
      observe: (chunk: Buffer) => this.#observe(sender, chunk),
    });
    this.#fromClient = new TunnelDirection({
      ...direction("client", client.socket, cluster.socket),
      frames: null,
    });
    this.#fromCluster = new TunnelDirection({
      ...direction("cluster", cluster.socket, client.socket),
      frames,
    });
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

  readonly #onAbort = (): void => this.#finishAtFrame({ kind: "client-ended" });

  /** What breaks the protocol has no frames. */
  #onObserverFailure(error: Error): void {
    const end: TunnelEnd = { kind: "observer-failed", error };
    if (error instanceof WireError) this.#finish(this.#end ?? end);
    else this.#finishAtFrame(end);
  }

  /** The client's say is over at once, the cluster's with the frame under way. */
  #finishAtFrame(end: TunnelEnd): void {
    const { frames, client } = this.#input;
    const finish = () => this.#finish(this.#end ?? end);
    const isFirst = this.#end === null;
    this.#end ??= end;
    if (frames === null || client.socket.destroyed) {
      finish();
      return;
    }
    if (isFirst) {
      this.#fromClient.stop();
      client.socket.once("close", finish);
      this.#frameTimer = setTimeout(() => {
        this.#fromCluster.passHeld();
        finish();
      }, FRAME_MS);
      this.#fromCluster.endFrame(finish);
    }
    if (end.kind !== "observer-failed") return;
    this.#fromCluster.passHeld();
    if (frames.bytesLeft > MOST_UNSEEN_BYTES) finish();
  }

  readonly #onClusterGone = (): void =>
    this.#fromCluster.end(() => this.#finish(this.#end ?? { kind: "cluster-ended" }));

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
    clearTimeout(this.#frameTimer);
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
