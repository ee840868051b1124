import {
  applyMask,
  encodeClose,
  encodeFrame,
  encodeFrameHeader,
  WEBSOCKET_OPCODE,
  WebSocketFrameParser,
} from "../../../lib/wire/websocket-frames.ts";
import { WireError } from "../../../lib/wire/wire-error.ts";
import { openPortForward } from "./spdy-port-forward.ts";
import type { StreamRequest } from "./stream-request.ts";
import type { SessionTransport, UpgradedSocket } from "./upgraded-socket.ts";

const CLOSE_NORMAL = 1000;
const CLOSE_PROTOCOL_ERROR = 1002;

/** port-forward as SPDY/3.1 bytes inside binary WebSocket messages, after the 101 (KEP-4006). */
export async function serveTunnelledPortForward(input: {
  request: StreamRequest;
  transport: UpgradedSocket;
  head: Buffer;
}): Promise<void> {
  const { request, transport, head } = input;
  const connection = openPortForward(request, tunnel(transport));
  const control: Buffer[] = [];
  const frames = new WebSocketFrameParser({
    from: "client",
    handler: {
      onPayload: (frame, chunk, offset) => {
        const bytes = applyMask(chunk, frame.maskKey!, offset);
        if (frame.opcode >= WEBSOCKET_OPCODE.close) control.push(bytes);
        else connection.receive(bytes);
      },
      onFrameEnd: (frame) => {
        const payload = Buffer.concat(control.splice(0));
        if (frame.opcode === WEBSOCKET_OPCODE.ping)
          void transport.write([encodeFrame({ opcode: WEBSOCKET_OPCODE.pong, payload })]);
        if (frame.opcode === WEBSOCKET_OPCODE.close) connection.close();
      },
    },
  });
  transport.onClose(() => connection.close());
  transport.start(head, (chunk) => {
    try {
      frames.push(chunk);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      void transport.write([encodeClose(CLOSE_PROTOCOL_ERROR, error.message.slice(0, 100))]);
      transport.end();
    }
  });
}

/** A transport whose every write is one binary message. */
function tunnel(transport: UpgradedSocket): SessionTransport {
  return {
    write: (pieces) => {
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      return transport.write([encodeFrameHeader({ opcode: WEBSOCKET_OPCODE.binary, length }), ...pieces]);
    },
    holdInput: (until) => transport.holdInput(until),
    end: () => {
      void transport.write([encodeClose(CLOSE_NORMAL)]);
      transport.end();
    },
    get isClosed() {
      return transport.isClosed;
    },
  };
}
