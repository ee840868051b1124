import { viewOf } from "./buffer-view.ts";
import type { DirectionInspector } from "./direction-inspector.ts";
import { ResizeMessages } from "./inspect-command-channels.ts";
import type { CommandCallbacks, CommandSummary } from "./session-summary.ts";
import { SpdyFrameParser, type SynStream } from "./spdy-frames.ts";
import { WireError } from "./wire-error.ts";

const STREAM_TYPES: ReadonlySet<string> = new Set(["error", "stdin", "stdout", "stderr", "resize"]);
const NEWLINE = 0x0a;

/** Watches exec and attach over SPDY/3.1: at most one stream of each type, opened by the client. */
export function inspectCommandSpdy(input: {
  summary: CommandSummary;
  callbacks: CommandCallbacks;
}): DirectionInspector {
  const { summary, callbacks } = input;
  const types = new Map<number, string>();
  const resize = new ResizeMessages(summary, callbacks);
  const clientClosed = (streamId: number) => {
    if (types.get(streamId) === "stdin") summary.stdinClosed = true;
  };
  const client = new SpdyFrameParser({
    from: "client",
    handler: {
      onSynStream: (frame) => {
        openStream(types, frame);
        if (frame.fin) clientClosed(frame.streamId);
      },
      onDataStart: ({ streamId }) => {
        if (!types.has(streamId))
          throw new WireError("unknown-stream", `data for SPDY stream ${streamId}, never opened`);
      },
      onData: (streamId, chunk) => {
        const type = types.get(streamId);
        if (type === "stdin") {
          summary.stdinBytes += chunk.length;
          callbacks.onStdin?.(viewOf(chunk));
        } else if (type === "resize") takeResize(resize, viewOf(chunk));
      },
      onDataEnd: ({ streamId, fin }) => {
        if (fin) clientClosed(streamId);
      },
      onRstStream: ({ streamId }) => clientClosed(streamId),
    },
  });
  const serverClosed = (streamId: number) => {
    const type = types.get(streamId) ?? "";
    summary.serverStreams.delete(type);
    if (type === "error") summary.finished = true;
  };
  const server = new SpdyFrameParser({
    from: "server",
    handler: {
      onSynStream: ({ streamId }) => {
        throw new WireError("unknown-stream", `SPDY stream ${streamId} opened by the server`);
      },
      onSynReply: ({ streamId, fin }) => {
        const type = types.get(streamId);
        if (type !== undefined && !fin) summary.serverStreams.set(type, streamId);
      },
      onData: (streamId, chunk) => {
        const type = types.get(streamId);
        if (type === "stdout") {
          summary.stdoutBytes += chunk.length;
          callbacks.onStdout?.(viewOf(chunk));
        } else if (type === "stderr") {
          summary.stderrBytes += chunk.length;
          callbacks.onStderr?.(viewOf(chunk));
        } else if (type === "error") summary.addStatus(viewOf(chunk));
      },
      onDataEnd: ({ streamId, fin }) => {
        if (fin) serverClosed(streamId);
      },
      onRstStream: ({ streamId }) => serverClosed(streamId),
      onGoAway: () => {
        summary.finished = true;
      },
    },
  });
  return { fromClient: (chunk) => client.push(chunk), fromServer: (chunk) => server.push(chunk) };
}

function openStream(types: Map<number, string>, frame: SynStream): void {
  const type = frame.headers.get("streamtype")?.[0] ?? "";
  if (!STREAM_TYPES.has(type))
    throw new WireError("unknown-stream", `SPDY stream of type ${JSON.stringify(type.slice(0, 40))}`);
  if ([...types.values()].includes(type)) {
    throw new WireError("duplicate-stream-type", `a second SPDY stream of type ${type} in one session`);
  }
  types.set(frame.streamId, type);
}

/** Resize messages of a SPDY stream are JSON values with a line break each (Go's json.Encoder). */
function takeResize(resize: ResizeMessages, chunk: Buffer): void {
  let start = 0;
  for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
    resize.add(chunk.subarray(start, end));
    resize.end();
    start = end + 1;
  }
  resize.add(chunk.subarray(start));
}
