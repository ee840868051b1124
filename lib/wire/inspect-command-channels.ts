import { ChannelMessageParser } from "./channel-messages.ts";
import { CHANNEL, type ChannelProtocol, parseResize } from "./channel-protocol.ts";
import type { DirectionInspector } from "./direction-inspector.ts";
import type { CommandCallbacks, CommandSummary } from "./session-summary.ts";
import { WEBSOCKET_OPCODE } from "./websocket-frames.ts";
import { WireError } from "./wire-error.ts";

const MAX_RESIZE_BYTES = 1024;

/** Watches exec and attach in a WebSocket channel protocol. */
export function inspectCommandChannels(input: {
  protocol: ChannelProtocol;
  summary: CommandSummary;
  callbacks: CommandCallbacks;
}): DirectionInspector {
  const { protocol, summary, callbacks } = input;
  const resize = new ResizeMessages(summary, callbacks);
  const client = new ChannelMessageParser({
    from: "client",
    protocol,
    handler: {
      wantsData: (channel) =>
        channel === CHANNEL.resize ||
        channel === CHANNEL.close ||
        (channel === CHANNEL.stdin && callbacks.onStdin !== undefined),
      onData: (channel, length, data) => {
        checkChannel(protocol, channel);
        if (channel === CHANNEL.stdin) {
          summary.stdinBytes += length;
          if (data !== null) callbacks.onStdin?.(data);
        } else if (channel === CHANNEL.resize && data !== null) resize.add(data);
        else if (channel === CHANNEL.close && data?.[0] === CHANNEL.stdin) summary.stdinClosed = true;
      },
      onMessageEnd: (channel) => {
        checkChannel(protocol, channel);
        if (channel === CHANNEL.resize) resize.end();
      },
    },
  });
  const server = new ChannelMessageParser({
    from: "server",
    protocol,
    handler: {
      wantsData: (channel) =>
        channel === CHANNEL.error ||
        (channel === CHANNEL.stdout && callbacks.onStdout !== undefined) ||
        (channel === CHANNEL.stderr && callbacks.onStderr !== undefined),
      onData: (channel, length, data) => {
        checkChannel(protocol, channel);
        if (channel === CHANNEL.stdout) {
          summary.stdoutBytes += length;
          if (data !== null) callbacks.onStdout?.(data);
        } else if (channel === CHANNEL.stderr) {
          summary.stderrBytes += length;
          if (data !== null) callbacks.onStderr?.(data);
        } else if (channel === CHANNEL.error && data !== null) summary.addStatus(data);
      },
      onMessageEnd: (channel) => checkChannel(protocol, channel),
      onControl: (opcode) => {
        if (opcode === WEBSOCKET_OPCODE.close) summary.finished = true;
      },
    },
  });
  return { fromClient: (chunk) => client.push(chunk), fromServer: (chunk) => server.push(chunk) };
}

function checkChannel(protocol: ChannelProtocol, channel: number): void {
  if (channel <= CHANNEL.resize || (channel === CHANNEL.close && protocol.closeSignal)) return;
  throw new WireError(
    "unknown-channel",
    `message on channel ${channel} of ${protocol.name || "no subprotocol"}`,
  );
}

/** Collects a resize message, which is small; what is not is an error. */
export class ResizeMessages {
  readonly #summary: CommandSummary;
  readonly #callbacks: CommandCallbacks;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(summary: CommandSummary, callbacks: CommandCallbacks) {
    this.#summary = summary;
    this.#callbacks = callbacks;
  }

  add(data: Buffer): void {
    this.#bytes += data.length;
    if (this.#bytes > MAX_RESIZE_BYTES) {
      throw new WireError("malformed-message", `resize message of more than ${MAX_RESIZE_BYTES} bytes`);
    }
    this.#pieces.push(Buffer.from(data));
  }

  end(): void {
    const size = parseResize(Buffer.concat(this.#pieces));
    this.#pieces = [];
    this.#bytes = 0;
    if (size === undefined) return;
    this.#summary.size = size;
    this.#callbacks.onResize?.(size);
  }
}
