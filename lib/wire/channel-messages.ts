import { viewOf } from "./buffer-view.ts";
import { type ChannelProtocol, decodeChannel } from "./channel-protocol.ts";
import {
  applyMask,
  WEBSOCKET_OPCODE,
  type WebSocketFrame,
  WebSocketFrameParser,
} from "./websocket-frames.ts";
import { WireError } from "./wire-error.ts";

export interface ChannelMessageHandler {
  /** Whether the content of this channel's data is wanted; where not, only lengths are told and nothing is copied. */
  wantsData(channel: number): boolean;
  /** Some of a message's data, without the channel byte; null where not wanted. It may share memory with what was pushed. */
  onData(channel: number, length: number, data: Buffer | null): void;
  onMessageEnd?(channel: number): void;
  /** A ping, pong or close frame. */
  onControl?(opcode: number, payload: Buffer): void;
}

export interface ChannelMessageParserOptions {
  from: "client" | "server";
  protocol: ChannelProtocol;
  handler: ChannelMessageHandler;
  maxFrameBytes?: number;
}

/**
 * Reads one direction of a channel protocol. Messages are passed on in pieces, never collected.
 *
 * A client's message in several frames is refused: kube-apiserver and kubelet (golang.org/x/net/websocket) take each
 * fragment for a message of its own, other readers take the whole, so such a message has two meanings.
 */
export class ChannelMessageParser {
  readonly #protocol: ChannelProtocol;
  readonly #handler: ChannelMessageHandler;
  readonly #fromClient: boolean;
  readonly #frames: WebSocketFrameParser;
  #channel: number | null = null;
  #base64Carry = "";
  #controlPayload: Buffer[] = [];

  constructor(options: ChannelMessageParserOptions) {
    this.#protocol = options.protocol;
    this.#handler = options.handler;
    this.#fromClient = options.from === "client";
    this.#frames = new WebSocketFrameParser({
      from: options.from,
      maxFrameBytes: options.maxFrameBytes,
      handler: {
        onFrameStart: (frame) => this.#checkFragment(frame),
        onPayload: (frame, chunk, offset) => this.#takePayload(frame, chunk, offset),
        onFrameEnd: (frame) => this.#endFrame(frame),
      },
    });
  }

  /** Takes the next bytes. Throws a WireError. */
  push(chunk: Uint8Array): void {
    this.#frames.push(chunk);
  }

  #checkFragment(frame: WebSocketFrame): void {
    if (this.#fromClient && !frame.fin) {
      throw new WireError("malformed-message", "channel message in several WebSocket frames");
    }
  }

  #takePayload(frame: WebSocketFrame, chunk: Uint8Array, offset: number): void {
    if (frame.opcode >= WEBSOCKET_OPCODE.close) {
      this.#controlPayload.push(plainBytes(frame, chunk, offset));
      return;
    }
    if (this.#channel !== null) {
      this.#takeData(this.#channel, frame, chunk, offset);
      return;
    }
    const first = frame.maskKey === null ? chunk[0]! : chunk[0]! ^ frame.maskKey[offset & 3]!;
    this.#channel = decodeChannel(this.#protocol, first);
    if (chunk.length > 1) this.#takeData(this.#channel, frame, chunk.subarray(1), offset + 1);
  }

  #takeData(channel: number, frame: WebSocketFrame, chunk: Uint8Array, offset: number): void {
    if (this.#protocol.base64) {
      this.#takeBase64(channel, plainBytes(frame, chunk, offset).toString("latin1"));
    } else if (this.#handler.wantsData(channel)) {
      this.#handler.onData(channel, chunk.length, plainBytes(frame, chunk, offset));
    } else {
      this.#handler.onData(channel, chunk.length, null);
    }
  }

  #takeBase64(channel: number, text: string): void {
    const all = this.#base64Carry + text;
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(all))
      throw new WireError("malformed-message", "channel message that is not base64");
    const whole = all.length - (all.length % 4);
    this.#base64Carry = all.slice(whole);
    const data = Buffer.from(all.slice(0, whole), "base64");
    if (data.length > 0)
      this.#handler.onData(channel, data.length, this.#handler.wantsData(channel) ? data : null);
  }

  #endFrame(frame: WebSocketFrame): void {
    if (frame.opcode >= WEBSOCKET_OPCODE.close) {
      const payload = Buffer.concat(this.#controlPayload);
      this.#controlPayload = [];
      this.#handler.onControl?.(frame.opcode, payload);
      return;
    }
    if (!frame.fin) return;
    if (this.#base64Carry !== "")
      throw new WireError("malformed-message", "channel message whose base64 ends early");
    const channel = this.#channel;
    this.#channel = null;
    if (channel !== null) this.#handler.onMessageEnd?.(channel);
  }
}

function plainBytes(frame: WebSocketFrame, chunk: Uint8Array, offset: number): Buffer {
  return frame.maskKey === null ? viewOf(chunk) : applyMask(chunk, frame.maskKey, offset);
}
