import { parseResize } from "../../../lib/wire/channel-protocol.ts";
import { ExecStartError, type PodProcess } from "../shell/pod-process.ts";
import { runCommand, startCommand, writeStdin } from "./command-session.ts";
import { type CommandResult, encodeErrorText, encodeStatus } from "./command-status.ts";
import { SpdyServerConnection, type SpdyStream } from "./spdy-connection.ts";
import type { StreamRequest } from "./stream-request.ts";
import type { UpgradedSocket } from "./upgraded-socket.ts";

/** kubelet's stream creation timeout. */
const STREAM_CREATION_TIMEOUT_MS = 30_000;
const MAX_RESIZE_BYTES = 4096;

type CommandStreams = Map<string, SpdyStream>;

/** exec and attach over SPDY/3.1, after the 101; `version` is the negotiated X-Stream-Protocol-Version. */
export async function serveSpdyCommand(input: {
  request: StreamRequest;
  transport: UpgradedSocket;
  head: Buffer;
  version: string;
}): Promise<void> {
  const { request, transport, head, version } = input;
  const streams: CommandStreams = new Map();
  const expected = expectedStreams(request, version);
  const gathered = Promise.withResolvers<boolean>();
  const connection = new SpdyServerConnection(transport, (stream) => {
    const type = stream.header("streamtype");
    if (!expected.has(type) || streams.has(type)) {
      connection.goAway();
      return;
    }
    streams.set(type, stream);
    if (streams.size === expected.size) gathered.resolve(true);
  });
  transport.onClose(() => connection.close());
  transport.onClose(() => gathered.resolve(false));
  transport.start(head, (chunk) => connection.receive(chunk));
  const timer = setTimeout(() => gathered.resolve(false), STREAM_CREATION_TIMEOUT_MS);
  const complete = await gathered.promise;
  clearTimeout(timer);
  if (!complete) return connection.goAway();

  const process = startCommand(request);
  if (!(process instanceof ExecStartError)) {
    connectInput(process, streams, transport);
    transport.onClose(() => process.hangUp());
  }
  await runCommand(process, request, {
    write: (stream, data) => streams.get(stream)?.write(data) ?? Promise.resolve(),
    endOutput: (stream) => streams.get(stream)?.end(),
    finish: (result) => {
      const status = finalMessage(version, result, request.command);
      if (status.length > 0) void streams.get("error")?.write(status);
      connection.goAway();
    },
  });
}

function expectedStreams(request: StreamRequest, version: string): Set<string> {
  const types = ["error"];
  if (request.stdin) types.push("stdin");
  if (request.stdout) types.push("stdout");
  if (request.stderr && !request.tty) types.push("stderr");
  if (request.tty && /^v[34]\./.test(version)) types.push("resize");
  return new Set(types);
}

function connectInput(process: PodProcess, streams: CommandStreams, transport: UpgradedSocket): void {
  streams.get("stdin")?.receive({
    onData: (chunk) => writeStdin(process, chunk, (until) => transport.holdInput(until)),
    onEnd: () => process.stdin.end(),
  });
  let text = "";
  streams.get("resize")?.receive({
    onData: (chunk) => {
      text += chunk.toString("utf8");
      const lines = text.split("\n");
      text = (lines.pop() ?? "").slice(0, MAX_RESIZE_BYTES);
      for (const line of lines) {
        const size = parseResize(Buffer.from(line));
        if (size !== undefined) process.resize(size);
      }
    },
    onEnd: () => undefined,
  });
  streams.get("error")?.receive({ onData: () => undefined, onEnd: () => undefined });
}

function finalMessage(version: string, result: CommandResult, command: string[]): Buffer {
  return version === "v4.channel.k8s.io"
    ? encodeStatus(result, "kubelet", command)
    : encodeErrorText(result, command);
}
