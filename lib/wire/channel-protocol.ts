import { WireError } from "./wire-error.ts";

/** Channels of exec and attach over WebSocket, as k8s.io/apimachinery pkg/util/remotecommand numbers them. */
export const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

/** The subprotocol that carries SPDY/3.1 bytes of a port-forward inside binary WebSocket messages (KEP-4006). */
export const TUNNELLED_PORT_FORWARD = "SPDY/3.1+portforward.k8s.io";

export interface ChannelProtocol {
  /** The subprotocol's name; empty where none was negotiated. */
  readonly name: string;
  /** Text messages: the channel as an ASCII digit, then base64. Otherwise binary: the channel as a byte, then data. */
  readonly base64: boolean;
  /** v5: a message `255, channel` says that the sender closes that channel. */
  readonly closeSignal: boolean;
  /** v4 and later: the error channel carries a JSON Status. Before: plain text, and nothing on success. */
  readonly jsonStatus: boolean;
}

const CHANNEL_PROTOCOLS: ReadonlyMap<string, ChannelProtocol> = new Map(
  [
    { name: "v5.channel.k8s.io", base64: false, closeSignal: true, jsonStatus: true },
    { name: "v4.channel.k8s.io", base64: false, closeSignal: false, jsonStatus: true },
    { name: "v4.base64.channel.k8s.io", base64: true, closeSignal: false, jsonStatus: true },
    { name: "channel.k8s.io", base64: false, closeSignal: false, jsonStatus: false },
    { name: "base64.channel.k8s.io", base64: true, closeSignal: false, jsonStatus: false },
    { name: "", base64: false, closeSignal: false, jsonStatus: false },
  ].map((protocol) => [protocol.name, protocol]),
);

/** The channel protocol of that name (empty: no subprotocol), or undefined where there is none. */
export function findChannelProtocol(name: string): ChannelProtocol | undefined {
  return CHANNEL_PROTOCOLS.get(name);
}

/** The channel that a message's first byte names. */
export function decodeChannel(protocol: ChannelProtocol, firstByte: number): number {
  if (!protocol.base64) return firstByte;
  const channel = firstByte - 0x30;
  if (channel < 0 || channel > 9) {
    throw new WireError("unknown-channel", `base64 channel message that begins with byte ${firstByte}`);
  }
  return channel;
}

/** A whole message of the protocol: the payload of one WebSocket frame, binary or (base64) text. */
export function encodeChannelMessage(protocol: ChannelProtocol, channel: number, data: Uint8Array): Buffer {
  if (protocol.base64) {
    return Buffer.from(
      String(channel) + Buffer.from(data.buffer, data.byteOffset, data.length).toString("base64"),
    );
  }
  const message = Buffer.allocUnsafe(data.length + 1);
  message[0] = channel;
  message.set(data, 1);
  return message;
}

/** A terminal's size in character cells. */
export interface TerminalSize {
  width: number;
  height: number;
}

/**
 * Reads a resize message, `{"Width":120,"Height":40}`; both are 16-bit unsigned. Returns undefined where it is not one
 * (kubelet ignores what it cannot decode).
 */
export function parseResize(data: Uint8Array): TerminalSize | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString("utf8"));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { Width: width, Height: height } = value as { Width?: unknown; Height?: unknown };
  return isCells(width) && isCells(height) ? { width, height } : undefined;
}

function isCells(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 65535;
}
