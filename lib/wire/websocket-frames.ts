import { WireError } from "./wire-error.ts";

/** Opcodes of RFC 6455, section 5.2. */
export const WEBSOCKET_OPCODE = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const;

/** The largest message that kube-apiserver itself takes (the default of golang.org/x/net/websocket): 32 MiB. */
const DEFAULT_MAX_FRAME_BYTES = 32 * 1024 * 1024;

const MAX_CONTROL_PAYLOAD_BYTES = 125;
const KNOWN_OPCODES: ReadonlySet<number> = new Set(Object.values(WEBSOCKET_OPCODE));

export interface WebSocketFrame {
  readonly fin: boolean;
  readonly opcode: number;
  /** Four bytes, or null where the frame is not masked. */
  readonly maskKey: Uint8Array | null;
  /** Payload length in bytes. */
  readonly length: number;
}

export interface WebSocketFrameHandler {
  onFrameStart?(frame: WebSocketFrame): void;
  /** A piece of the payload as it passed by, still masked; `offset` is its place in the payload. Valid only during the call. */
  onPayload?(frame: WebSocketFrame, chunk: Uint8Array, offset: number): void;
  onFrameEnd?(frame: WebSocketFrame): void;
}

export interface WebSocketFrameParserOptions {
  handler: WebSocketFrameHandler;
  /** A client must mask, a server must not (RFC 6455, section 5.1). */
  from: "client" | "server";
  /** Frames that announce more are an error; defaults to 32 MiB. Payloads are passed on in pieces, never collected. */
  maxFrameBytes?: number;
}

/**
 * Incremental RFC 6455 frame parser for bytes passing by. Holds at most one frame header (14 bytes). No extension is
 * ever negotiated by Kubernetes, so reserved bits are an error.
 */
export class WebSocketFrameParser {
  readonly #handler: WebSocketFrameHandler;
  readonly #fromClient: boolean;
  readonly #maxFrameBytes: number;
  readonly #header = new Uint8Array(14);
  #headerBytes = 0;
  #headerLength = 2;
  #frame: WebSocketFrame | null = null;
  #offset = 0;
  #inFragmentedMessage = false;
  #failure: WireError | null = null;

  constructor(options: WebSocketFrameParserOptions) {
    this.#handler = options.handler;
    this.#fromClient = options.from === "client";
    this.#maxFrameBytes = options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES;
  }

  /** Takes the next bytes. Throws a WireError, and again on every later call. */
  push(chunk: Uint8Array): void {
    if (this.#failure !== null) throw this.#failure;
    try {
      this.#consume(chunk);
    } catch (error) {
      if (error instanceof WireError) this.#failure = error;
      throw error;
    }
  }

  #consume(chunk: Uint8Array): void {
    let position = 0;
    while (position < chunk.length) {
      const frame = this.#frame;
      if (frame === null) {
        this.#takeHeaderByte(chunk[position++]!);
        continue;
      }
      const taken = Math.min(chunk.length - position, frame.length - this.#offset);
      this.#handler.onPayload?.(frame, chunk.subarray(position, position + taken), this.#offset);
      position += taken;
      this.#offset += taken;
      if (this.#offset === frame.length) this.#endFrame(frame);
    }
  }

  #takeHeaderByte(byte: number): void {
    this.#header[this.#headerBytes++] = byte;
    if (this.#headerBytes === 1) this.#checkFirstByte(byte);
    if (this.#headerBytes === 2)
      this.#headerLength = 2 + lengthFieldBytes(byte & 0x7f) + (byte & 0x80 ? 4 : 0);
    if (this.#headerBytes >= 2 && this.#headerBytes === this.#headerLength) this.#startFrame();
  }

  #checkFirstByte(byte: number): void {
    const opcode = byte & 0x0f;
    const fin = (byte & 0x80) !== 0;
    if ((byte & 0x70) !== 0)
      throw new WireError("malformed-frame", "WebSocket frame with a reserved bit set");
    if (!KNOWN_OPCODES.has(opcode))
      throw new WireError("malformed-frame", `unknown WebSocket opcode ${opcode}`);
    if (isControl(opcode)) {
      if (!fin) throw new WireError("malformed-frame", "fragmented WebSocket control frame");
      return;
    }
    const continues = opcode === WEBSOCKET_OPCODE.continuation;
    if (continues !== this.#inFragmentedMessage) {
      throw new WireError(
        "malformed-frame",
        continues ? "WebSocket continuation of no message" : "WebSocket message inside another message",
      );
    }
    this.#inFragmentedMessage = !fin;
  }

  #startFrame(): void {
    const header = this.#header;
    const opcode = header[0]! & 0x0f;
    const masked = (header[1]! & 0x80) !== 0;
    const lengthField = header[1]! & 0x7f;
    const length = readLength(header, lengthField);
    if (masked !== this.#fromClient) {
      throw new WireError(
        "malformed-frame",
        masked ? "masked WebSocket frame from a server" : "unmasked WebSocket frame from a client",
      );
    }
    if (isControl(opcode) && length > MAX_CONTROL_PAYLOAD_BYTES) {
      throw new WireError(
        "frame-too-large",
        `WebSocket control frame of ${length} bytes, at most ${MAX_CONTROL_PAYLOAD_BYTES}`,
      );
    }
    if (opcode === WEBSOCKET_OPCODE.close && length === 1) {
      throw new WireError("malformed-frame", "WebSocket close frame with half a status code");
    }
    if (length > this.#maxFrameBytes) {
      throw new WireError(
        "frame-too-large",
        `WebSocket frame of ${length} bytes, at most ${this.#maxFrameBytes}`,
      );
    }
    const frame: WebSocketFrame = {
      fin: (header[0]! & 0x80) !== 0,
      opcode,
      maskKey: masked ? header.slice(this.#headerLength - 4, this.#headerLength) : null,
      length,
    };
    this.#frame = frame;
    this.#offset = 0;
    this.#handler.onFrameStart?.(frame);
    if (length === 0) this.#endFrame(frame);
  }

  #endFrame(frame: WebSocketFrame): void {
    this.#frame = null;
    this.#headerBytes = 0;
    this.#headerLength = 2;
    this.#handler.onFrameEnd?.(frame);
  }
}

function isControl(opcode: number): boolean {
  return opcode >= WEBSOCKET_OPCODE.close;
}

function lengthFieldBytes(lengthField: number): number {
  return lengthField === 126 ? 2 : lengthField === 127 ? 8 : 0;
}

function readLength(header: Uint8Array, lengthField: number): number {
  if (lengthField < 126) return lengthField;
  const view = new DataView(header.buffer, header.byteOffset);
  if (lengthField === 126) {
    const length = view.getUint16(2);
    if (length < 126) throw new WireError("malformed-frame", "WebSocket length not in its shortest form");
    return length;
  }
  const length = view.getBigUint64(2);
  if (length < 65536n) throw new WireError("malformed-frame", "WebSocket length not in its shortest form");
  if (length > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new WireError("frame-too-large", "WebSocket frame longer than any number can count");
  }
  return Number(length);
}

/** A copy of payload bytes with the mask taken off (or put on); `offset` is the place of `chunk` in the payload. */
export function applyMask(chunk: Uint8Array, maskKey: Uint8Array, offset: number): Buffer {
  // Memory of its own, hence aligned for words of four bytes: several times as fast as byte by byte.
  const memory = new ArrayBuffer((chunk.length + 3) & ~3);
  const result = Buffer.from(memory, 0, chunk.length);
  result.set(chunk);
  const key = Uint8Array.from({ length: 4 }, (_, index) => maskKey[(offset + index) & 3]!);
  const keyWord = new Int32Array(key.buffer)[0]!;
  const words = new Int32Array(memory);
  for (let index = 0; index < words.length; index++) words[index]! ^= keyWord;
  return result;
}

export interface EncodedFrame {
  opcode: number;
  payload: Uint8Array;
  /** False for all but the last frame of a fragmented message. Default true. */
  fin?: boolean;
  /** Four random bytes; only what a client sends is masked. */
  maskKey?: Uint8Array;
}

/** The header of a frame whose payload of `length` bytes is written by the caller, which saves a copy. */
export function encodeFrameHeader(input: {
  opcode: number;
  length: number;
  fin?: boolean;
  maskKey?: Uint8Array;
}): Buffer {
  const extended = input.length < 126 ? 0 : input.length < 65536 ? 2 : 8;
  const maskBytes = input.maskKey === undefined ? 0 : 4;
  const header = Buffer.alloc(2 + extended + maskBytes);
  header[0] = (input.fin === false ? 0 : 0x80) | input.opcode;
  header[1] = (maskBytes === 0 ? 0 : 0x80) | (extended === 0 ? input.length : extended === 2 ? 126 : 127);
  if (extended === 2) header.writeUInt16BE(input.length, 2);
  if (extended === 8) header.writeBigUInt64BE(BigInt(input.length), 2);
  if (input.maskKey !== undefined) header.set(input.maskKey, 2 + extended);
  return header;
}

/** One whole frame, as RFC 6455 writes it. */
export function encodeFrame(frame: EncodedFrame): Buffer {
  const header = encodeFrameHeader({ ...frame, length: frame.payload.length });
  const payload = frame.maskKey === undefined ? frame.payload : applyMask(frame.payload, frame.maskKey, 0);
  return Buffer.concat([header, payload]);
}

/** A close frame with a status code (RFC 6455, section 7.4). */
export function encodeClose(code: number, reason = "", maskKey?: Uint8Array): Buffer {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return encodeFrame({ opcode: WEBSOCKET_OPCODE.close, payload, maskKey });
}
