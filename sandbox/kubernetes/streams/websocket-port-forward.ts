import type { Duplex } from "node:stream";
import { ChannelMessageParser } from "../../../lib/wire/channel-messages.ts";
import type { ChannelProtocol } from "../../../lib/wire/channel-protocol.ts";
import { encodeClose, encodeFrame, WEBSOCKET_OPCODE } from "../../../lib/wire/websocket-frames.ts";
import { WireError } from "../../../lib/wire/wire-error.ts";
import { dialPodPort } from "./pod-ports.ts";
import { pumpFromPort, writeToPort } from "./port-pump.ts";
import type { StreamRequest } from "./stream-request.ts";
import type { UpgradedSocket } from "./upgraded-socket.ts";
import { channelFrame } from "./websocket-command.ts";

const CLOSE_NORMAL = 1000;
const CLOSE_PROTOCOL_ERROR = 1002;

/**
 * port-forward over a channel protocol with `?ports=`, after the 101: for the nth port, channel 2n is data and 2n+1
 * error; the first message of each is the port, 16 bits little-endian (k8s.io/kubelet pkg/cri/streaming/portforward).
 */
export async function serveWebSocketPortForward(input: {
  request: StreamRequest;
  protocol: ChannelProtocol;
  transport: UpgradedSocket;
  head: Buffer;
}): Promise<void> {
  const { request, protocol, transport, head } = input;
  const send = (channel: number, data: Buffer) => transport.write(channelFrame(protocol, channel, data));
  for (const [index, port] of request.ports.entries()) {
    const announced = Buffer.alloc(2);
    announced.writeUInt16LE(port, 0);
    await send(index * 2, announced);
    await send(index * 2 + 1, announced);
  }
  const targets = request.ports.map((port) => dialPodPort(request, port));
  const parser = createParser(protocol, targets, transport);
  transport.onClose(() => {
    for (const target of targets) if (typeof target !== "string") target.destroy();
  });
  transport.start(head, (chunk) => {
    try {
      parser.push(chunk);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      void transport.write([encodeClose(CLOSE_PROTOCOL_ERROR, error.message.slice(0, 100))]);
      transport.end();
    }
  });
  await Promise.all(targets.map((target, index) => forward(target, index, send, transport)));
  void transport.write([encodeClose(CLOSE_NORMAL)]);
  transport.end();
}

async function forward(
  target: Duplex | string,
  index: number,
  send: (channel: number, data: Buffer) => Promise<void>,
  transport: UpgradedSocket,
): Promise<void> {
  if (typeof target === "string") return send(index * 2 + 1, Buffer.from(target));
  await pumpFromPort(target, {
    write: (data) => send(index * 2, data),
    holdInput: (until) => transport.holdInput(until),
  });
}

function createParser(
  protocol: ChannelProtocol,
  targets: (Duplex | string)[],
  transport: UpgradedSocket,
): ChannelMessageParser {
  return new ChannelMessageParser({
    from: "client",
    protocol,
    handler: {
      wantsData: (channel) => channel % 2 === 0,
      onData: (channel, _length, data) => {
        const target = channel % 2 === 0 ? targets[channel / 2] : undefined;
        if (data !== null && target !== undefined && typeof target !== "string")
          writeToPort(target, data, transport);
      },
      onControl: (opcode, payload) => {
        if (opcode === WEBSOCKET_OPCODE.ping)
          void transport.write([encodeFrame({ opcode: WEBSOCKET_OPCODE.pong, payload })]);
        if (opcode === WEBSOCKET_OPCODE.close) transport.end();
      },
    },
  });
}
