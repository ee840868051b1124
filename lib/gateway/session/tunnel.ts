import type { Duplex } from "node:stream";
import type { SessionInspector } from "../../wire/session-inspector.ts";
import type { WireError } from "../../wire/wire-error.ts";
import type { CallRecord } from "../call/call-record.ts";

export interface TunnelSide {
  socket: Duplex;
  /** What came on the connection already. */
  head: Buffer;
}

export interface TunnelInput {
  client: TunnelSide;
  cluster: TunnelSide;
  /** Watches exec, attach and port-forward; null for protocols that the gateway does not know. */
  inspector: Pick<SessionInspector, "fromClient" | "fromServer"> | null;
  /** Counts the bytes of both directions. */
  record: Pick<CallRecord, "bytesIn" | "bytesOut">;
  /** Aborted: the client left, or its access ended. */
  signal: AbortSignal;
}

export type TunnelEnd =
  | { kind: "cluster-ended" }
  | { kind: "client-ended" }
  | { kind: "violation"; error: WireError };

/** How long the cluster may say nothing, once the client said that it is done, before that is the end. */
const LINGER_MS = 10_000;

/**
 * Passes bytes between two connections until one of them ends, with back-pressure; memory is what the two sockets buffer.
 * The cluster's connection is gone when it resolves; the client's is still open, so that its end can wait for the record.
 */
export function runTunnel({ client, cluster, inspector, record, signal }: TunnelInput): Promise<TunnelEnd> {
  return new Promise((resolve) => {
    let linger: NodeJS.Timeout | undefined;
    let finished = false;
    const finish = (end: TunnelEnd) => {
      if (finished) return;
      finished = true;
      clearTimeout(linger);
      signal.removeEventListener("abort", onAbort);
      for (const socket of [client.socket, cluster.socket]) socket.removeAllListeners("data");
      cluster.socket.destroy();
      client.socket.pause();
      resolve(end);
    };
    const onAbort = () => finish({ kind: "client-ended" });

    const fromClient = (chunk: Buffer) => {
      record.bytesIn += chunk.length;
      const error = inspector?.fromClient(chunk) ?? null;
      if (error !== null) return finish({ kind: "violation", error });
      pass(chunk, client.socket, cluster.socket);
    };
    const fromCluster = (chunk: Buffer) => {
      linger?.refresh();
      record.bytesOut += chunk.length;
      const error = inspector?.fromServer(chunk) ?? null;
      if (error !== null) return finish({ kind: "violation", error });
      pass(chunk, cluster.socket, client.socket);
    };
    const onClusterGone = () => {
      cluster.socket.removeAllListeners("data");
      // Where the client was slow, what came before the connection broke is still here.
      for (let chunk = cluster.socket.read(); chunk !== null && !finished; chunk = cluster.socket.read())
        fromCluster(chunk);
      finish({ kind: "cluster-ended" });
    };

    if (signal.aborted) return finish({ kind: "client-ended" });
    signal.addEventListener("abort", onAbort);
    cluster.socket.once("end", onClusterGone);
    cluster.socket.once("close", onClusterGone);
    client.socket.once("end", () => {
      cluster.socket.end();
      linger = setTimeout(() => finish({ kind: "client-ended" }), LINGER_MS);
    });
    cluster.socket.on("drain", () => client.socket.resume());
    client.socket.on("drain", () => cluster.socket.resume());
    if (cluster.head.length > 0) fromCluster(cluster.head);
    if (client.head.length > 0) fromClient(client.head);
    if (finished) return;
    cluster.socket.on("data", fromCluster);
    client.socket.on("data", fromClient);
  });
}

function pass(chunk: Buffer, from: Duplex, to: Duplex): void {
  if (to.writable && !to.write(chunk)) from.pause();
}
