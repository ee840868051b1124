import { ChannelMessageParser } from "../../../lib/wire/channel-messages.ts";
import {
  CHANNEL,
  type ChannelProtocol,
  encodeChannelMessage,
  parseResize,
} from "../../../lib/wire/channel-protocol.ts";
import {
  encodeClose,
  encodeFrame,
  encodeFrameHeader,
  WEBSOCKET_OPCODE,
} from "../../../lib/wire/websocket-frames.ts";
import { WireError } from "../../../lib/wire/wire-error.ts";
import { ExecStartError } from "../shell/pod-process.ts";
import { runCommand, startCommand, writeStdin } from "./command-session.ts";
import { type CommandResult, encodeErrorText, encodeStatus } from "./command-status.ts";
import type { StreamRequest } from "./stream-request.ts";
import type { UpgradedSocket } from "./upgraded-socket.ts";

const MAX_RESIZE_BYTES = 1024;
const CLOSE_NORMAL = 1000;
const CLOSE_PROTOCOL_ERROR = 1002;

/** exec and attach in a channel protocol, after the 101. */
export async function serveWebSocketCommand(input: {
  request: StreamRequest;
  protocol: ChannelProtocol;
  transport: UpgradedSocket;
  head: Buffer;
}): Promise<void> {
  const { request, protocol, transport, head } = input;
  const send = (channel: number, data: Buffer) => transport.write(channelFrame(protocol, channel, data));
  // The first message is empty: it tells the client that the connection stands.
  await send(firstWritableChannel(request), Buffer.alloc(0));
  const process = startCommand(request);
  if (!(process instanceof ExecStartError)) {
    transport.onClose(() => process.hangUp());
  }
  const parser = createParser({ request, protocol, transport, process });
  transport.start(head, (chunk) => {
    try {
      parser.push(chunk);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      transport.write([encodeClose(CLOSE_PROTOCOL_ERROR, error.message.slice(0, 100))]);
      transport.end();
    }
  });
  await runCommand(process, request, {
    write: (stream, data) => send(CHANNEL[stream], data),
    endOutput: () => undefined,
    finish: (result) => {
      const status = finalMessage(protocol, result, request.command);
      if (status.length > 0) void send(CHANNEL.error, status);
      void transport.write([encodeClose(CLOSE_NORMAL)]);
      transport.end();
    },
  });
}

function createParser(input: {
  request: StreamRequest;
  protocol: ChannelProtocol;
  transport: UpgradedSocket;
  process: ReturnType<typeof startCommand>;
}): ChannelMessageParser {
  const { request, protocol, transport } = input;
  const process = input.process instanceof ExecStartError ? null : input.process;
  let resize: Buffer[] = [];
  return new ChannelMessageParser({
    from: "client",
    protocol,
    handler: {
      wantsData: () => process !== null,
      onData: (channel, length, data) => {
        if (process === null || data === null) return;
        if (channel === CHANNEL.stdin && request.stdin)
          writeStdin(process, data, (until) => transport.holdInput(until));
        if (channel === CHANNEL.resize && length <= MAX_RESIZE_BYTES && resize.length < 16) resize.push(data);
        if (channel === CHANNEL.close && protocol.closeSignal && data[0] === CHANNEL.stdin)
          process.stdin.end();
      },
      onMessageEnd: (channel) => {
        if (channel !== CHANNEL.resize) return;
        const size = parseResize(Buffer.concat(resize));
        resize = [];
        if (size !== undefined) process?.resize(size);
      },
      onControl: (opcode, payload) => {
        if (opcode === WEBSOCKET_OPCODE.ping)
          void transport.write([encodeFrame({ opcode: WEBSOCKET_OPCODE.pong, payload })]);
        if (opcode === WEBSOCKET_OPCODE.close) transport.end();
      },
    },
  });
}

/** A message as one frame, its data not copied where the protocol is binary. */
export function channelFrame(protocol: ChannelProtocol, channel: number, data: Buffer): Buffer[] {
  if (protocol.base64) {
    return [
      encodeFrame({ opcode: WEBSOCKET_OPCODE.text, payload: encodeChannelMessage(protocol, channel, data) }),
    ];
  }
  const header = encodeFrameHeader({ opcode: WEBSOCKET_OPCODE.binary, length: data.length + 1 });
  return [Buffer.concat([header, Buffer.from([channel])]), data];
}

function firstWritableChannel(request: StreamRequest): number {
  if (request.stdout) return CHANNEL.stdout;
  return request.stderr && !request.tty ? CHANNEL.stderr : CHANNEL.error;
}

function finalMessage(protocol: ChannelProtocol, result: CommandResult, command: string[]): Buffer {
  if (!protocol.jsonStatus) return encodeErrorText(result, command);
  return encodeStatus(result, protocol.closeSignal ? "kube-apiserver" : "kubelet", command);
}
