import { viewOf } from "./buffer-view.ts";
import type { PortForwardSummary } from "./session-summary.ts";
import { SpdyFrameParser, type SynStream } from "./spdy-frames.ts";
import { WireError } from "./wire-error.ts";

const MAX_OPEN_STREAMS = 4_096;

interface ForwardStream {
  requestId: string;
  type: "error" | "data";
  hasError: boolean;
  clientDone: boolean;
  serverDone: boolean;
}

/**
 * Watches a port-forward's SPDY streams: a pair (error, data) for each forwarded connection, joined by `requestid`.
 * Streams are forgotten once both ends have closed them, so a session may carry any number of connections.
 */
export function inspectPortForwardSpdy(summary: PortForwardSummary): {
  client: SpdyFrameParser;
  server: SpdyFrameParser;
} {
  const streams = new Map<number, ForwardStream>();
  const open = new Set<string>();
  const finish = (streamId: number, side: "clientDone" | "serverDone" | "both") => {
    const stream = streams.get(streamId);
    if (stream === undefined) return;
    if (side !== "serverDone") stream.clientDone = true;
    if (side !== "clientDone") stream.serverDone = true;
    if (!stream.clientDone || !stream.serverDone) return;
    streams.delete(streamId);
    open.delete(`${stream.type} ${stream.requestId}`);
  };
  const client = new SpdyFrameParser({
    from: "client",
    handler: {
      onSynStream: (frame) => {
        const stream = readStream(frame, summary);
        const key = `${stream.type} ${stream.requestId}`;
        if (open.has(key)) {
          throw new WireError(
            "duplicate-stream-type",
            `a second ${stream.type} stream for one forwarded connection`,
          );
        }
        if (streams.size >= MAX_OPEN_STREAMS) {
          throw new WireError("too-many-streams", `more than ${MAX_OPEN_STREAMS} SPDY streams open at once`);
        }
        open.add(key);
        streams.set(frame.streamId, stream);
        if (frame.fin) finish(frame.streamId, "clientDone");
      },
      onDataStart: ({ streamId, length }) => {
        if (streams.get(streamId)?.type === "data") summary.bytesToPod += length;
      },
      onDataEnd: ({ streamId, fin }) => {
        if (fin) finish(streamId, "clientDone");
      },
      onRstStream: ({ streamId }) => finish(streamId, "both"),
    },
  });
  const server = new SpdyFrameParser({
    from: "server",
    handler: {
      onSynStream: ({ streamId }) => {
        throw new WireError("unknown-stream", `SPDY stream ${streamId} opened by the server`);
      },
      onDataStart: ({ streamId, length }) => {
        if (streams.get(streamId)?.type === "data") summary.bytesFromPod += length;
      },
      onData: (streamId, chunk) => {
        const stream = streams.get(streamId);
        if (stream?.type !== "error") return;
        summary.addError(viewOf(chunk), !stream.hasError);
        stream.hasError = true;
      },
      onDataEnd: ({ streamId, fin }) => {
        if (fin) finish(streamId, "serverDone");
      },
      onRstStream: ({ streamId }) => finish(streamId, "both"),
    },
  });
  return { client, server };
}

function readStream(frame: SynStream, summary: PortForwardSummary): ForwardStream {
  const header = (name: string) => frame.headers.get(name)?.[0] ?? "";
  const type = header("streamtype");
  if (type !== "error" && type !== "data") {
    throw new WireError(
      "unknown-stream",
      `SPDY stream of type ${JSON.stringify(type.slice(0, 40))} in a port-forward`,
    );
  }
  const port = Number(header("port"));
  if (!/^\d{1,5}$/.test(header("port")) || port < 1 || port > 65535) {
    throw new WireError(
      "unknown-stream",
      `port-forward to port ${JSON.stringify(header("port").slice(0, 40))}`,
    );
  }
  summary.addPort(port);
  if (type === "data") summary.connections++;
  return { requestId: header("requestid"), type, hasError: false, clientDone: false, serverDone: false };
}
