import type { DirectionInspector } from "./direction-inspector.ts";
import { inspectPortForwardSpdy } from "./inspect-port-forward-spdy.ts";
import type { PortForwardSummary } from "./session-summary.ts";
import type { SpdyFrameParser } from "./spdy-frames.ts";
import {
  applyMask,
  WEBSOCKET_OPCODE,
  type WebSocketFrame,
  WebSocketFrameParser,
} from "./websocket-frames.ts";
import { WireError } from "./wire-error.ts";

/** Watches a port-forward whose SPDY bytes travel inside binary WebSocket messages, cut anywhere. */
export function inspectPortForwardTunnel(summary: PortForwardSummary): DirectionInspector {
  const { client, server } = inspectPortForwardSpdy(summary);
  const clientFrames = unwrap("client", client);
  const serverFrames = unwrap("server", server);
  return { fromClient: (chunk) => clientFrames.push(chunk), fromServer: (chunk) => serverFrames.push(chunk) };
}

function unwrap(from: "client" | "server", spdy: SpdyFrameParser): WebSocketFrameParser {
  return new WebSocketFrameParser({
    from,
    handler: {
      onFrameStart: ({ opcode }) => {
        if (opcode === WEBSOCKET_OPCODE.text)
          throw new WireError("malformed-message", "text message in a SPDY tunnel");
      },
      onPayload: (frame, chunk, offset) => {
        if (frame.opcode < WEBSOCKET_OPCODE.close) feed(spdy, frame, chunk, offset);
      },
    },
  });
}

/** Only SPDY's own headers are unmasked: the forwarded payload is passed over without a look. */
function feed(spdy: SpdyFrameParser, frame: WebSocketFrame, chunk: Uint8Array, offset: number): void {
  if (frame.maskKey === null) {
    spdy.push(chunk);
    return;
  }
  let position = 0;
  while (position < chunk.length) {
    const skipped = Math.min(spdy.dataBytesLeft, chunk.length - position);
    if (skipped > 0) spdy.skipData(skipped);
    position += skipped;
    const taken = Math.min(spdy.controlBytesLeft, chunk.length - position);
    if (taken > 0)
      spdy.push(applyMask(chunk.subarray(position, position + taken), frame.maskKey, offset + position));
    position += taken;
  }
}
