import type { Duplex } from "node:stream";
import { dialPodPort } from "./pod-ports.ts";
import { pumpFromPort, writeToPort } from "./port-pump.ts";
import { SpdyServerConnection, type SpdyStream } from "./spdy-connection.ts";
import type { StreamRequest } from "./stream-request.ts";
import type { SessionTransport, UpgradedSocket } from "./upgraded-socket.ts";

/** kubelet's stream creation timeout: a pair that is not complete by then is dropped. */
const PAIR_TIMEOUT_MS = 30_000;

interface StreamPair {
  error?: SpdyStream;
  data?: SpdyStream;
  timer: NodeJS.Timeout;
}

/** port-forward over a SPDY upgrade, after the 101. */
export async function serveSpdyPortForward(input: {
  request: StreamRequest;
  transport: UpgradedSocket;
  head: Buffer;
}): Promise<void> {
  const { request, transport, head } = input;
  const connection = openPortForward(request, transport);
  transport.onClose(() => connection.close());
  transport.start(head, (chunk) => connection.receive(chunk));
}

/** The SPDY connection of a port-forward on any transport: streams come in pairs (error, data) by request id. */
export function openPortForward(request: StreamRequest, transport: SessionTransport): SpdyServerConnection {
  const pairs = new Map<string, StreamPair>();
  const connection = new SpdyServerConnection(transport, (stream) => {
    const type = stream.header("streamtype");
    const port = Number(stream.header("port"));
    const valid = (type === "error" || type === "data") && Number.isInteger(port) && port > 0 && port < 65536;
    if (!valid) return stream.reset();
    const requestId = stream.header("requestid");
    const pair = pairs.get(requestId) ?? newPair(pairs, requestId);
    if (pair[type] !== undefined) return stream.reset();
    pair[type] = stream;
    if (pair.error === undefined || pair.data === undefined) return;
    clearTimeout(pair.timer);
    pairs.delete(requestId);
    void forward({ request, transport, port, error: pair.error, data: pair.data });
  });
  return connection;
}

function newPair(pairs: Map<string, StreamPair>, requestId: string): StreamPair {
  const expire = () => {
    pairs.delete(requestId);
    pair.error?.reset();
    pair.data?.reset();
  };
  const pair: StreamPair = { timer: setTimeout(expire, PAIR_TIMEOUT_MS) };
  pair.timer.unref();
  pairs.set(requestId, pair);
  return pair;
}

async function forward(input: {
  request: StreamRequest;
  transport: SessionTransport;
  port: number;
  error: SpdyStream;
  data: SpdyStream;
}): Promise<void> {
  const { request, transport, port, error, data } = input;
  error.receive({ onData: () => undefined, onEnd: () => undefined });
  const target = dialPodPort(request, port);
  if (typeof target === "string") {
    data.receive({ onData: () => undefined, onEnd: () => undefined });
    data.end();
    await error.write(Buffer.from(target));
    error.end();
    return;
  }
  connect(target, data, transport);
  await pumpFromPort(target, {
    write: (chunk) => data.write(chunk),
    holdInput: (until) => transport.holdInput(until),
  });
  data.end();
  error.end();
}

function connect(target: Duplex, data: SpdyStream, transport: SessionTransport): void {
  data.receive({
    onData: (chunk) => writeToPort(target, chunk, transport),
    onEnd: () => {
      // A reset client reads no answer; one that only finished its half still does.
      if (data.localEnded) target.destroy();
      else target.end();
    },
  });
}
