import { HeaderDecompressor, type SpdyHeaders } from "./spdy-header-block.ts";
import { WireError } from "./wire-error.ts";

/** Control frame types of SPDY/3.1, section 2.6. */
export const SPDY_TYPE = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

export const SPDY_FLAG_FIN = 0x01;
const SPDY_FLAG_UNIDIRECTIONAL = 0x02;

export interface SynStream {
  streamId: number;
  associatedStreamId: number;
  /** 0 (highest) to 7. */
  priority: number;
  fin: boolean;
  unidirectional: boolean;
  headers: SpdyHeaders;
}

export interface SpdyFrameHandler {
  onSynStream?(frame: SynStream): void;
  onSynReply?(frame: { streamId: number; fin: boolean; headers: SpdyHeaders }): void;
  onRstStream?(frame: { streamId: number; status: number }): void;
  onSettings?(frame: { entries: { id: number; flags: number; value: number }[] }): void;
  onPing?(frame: { id: number }): void;
  onGoAway?(frame: { lastStreamId: number; status: number }): void;
  onHeaders?(frame: { streamId: number; fin: boolean; headers: SpdyHeaders }): void;
  onWindowUpdate?(frame: { streamId: number; delta: number }): void;
  onDataStart?(frame: { streamId: number; length: number; fin: boolean }): void;
  /** A piece of a data frame's payload, valid only during the call. Not called for bytes passed by `skipData`. */
  onData?(streamId: number, chunk: Uint8Array): void;
  onDataEnd?(frame: { streamId: number; fin: boolean }): void;
}

export interface SpdyFrameParserOptions {
  handler: SpdyFrameHandler;
  /** Whose frames these are: a client's streams are odd, a server's even. */
  from: "client" | "server";
  /** Largest control frame, compressed: it is held whole. Default 16 KiB. */
  maxControlFrameBytes?: number;
  /** Largest header block, uncompressed. Default 64 KiB. */
  maxHeaderBlockBytes?: number;
}

const FRAME_HEADER_BYTES = 8;
const SPDY_VERSION = 3;
const STREAM_ID_MASK = 0x7fffffff;

/**
 * Incremental SPDY/3.1 frame parser for one direction of a connection. Holds at most one control frame; payloads of
 * data frames are passed on in pieces. Flow-control windows are reported and not enforced: Kubernetes' library
 * (moby/spdystream) ignores them on both ends.
 */
export class SpdyFrameParser {
  readonly #handler: SpdyFrameHandler;
  readonly #firstStreamId: number;
  readonly #maxControlFrameBytes: number;
  readonly #headers: HeaderDecompressor;
  readonly #control: Buffer;
  #held = 0;
  #wanted = FRAME_HEADER_BYTES;
  #data: { streamId: number; length: number; fin: boolean } | null = null;
  #dataLeft = 0;
  #lastStreamId = 0;
  #failure: WireError | null = null;

  constructor(options: SpdyFrameParserOptions) {
    this.#handler = options.handler;
    this.#firstStreamId = options.from === "client" ? 1 : 2;
    this.#maxControlFrameBytes = options.maxControlFrameBytes ?? 16 * 1024;
    this.#headers = new HeaderDecompressor(options.maxHeaderBlockBytes ?? 64 * 1024);
    this.#control = Buffer.alloc(FRAME_HEADER_BYTES + this.#maxControlFrameBytes);
  }

  /** Bytes of the current data frame's payload still to come: a caller who needs no content may `skipData` them. */
  get dataBytesLeft(): number {
    return this.#dataLeft;
  }

  /** Bytes that complete the current frame header or control frame (0 inside a data frame's payload). */
  get controlBytesLeft(): number {
    return this.#data === null ? this.#wanted - this.#held : 0;
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

  /** Passes over payload bytes of the current data frame, at most `dataBytesLeft`. */
  skipData(bytes: number): void {
    if (this.#failure !== null) throw this.#failure;
    if (bytes > this.#dataLeft) throw new RangeError("skipData past the end of the data frame");
    this.#dataLeft -= bytes;
    if (bytes > 0 && this.#dataLeft === 0) this.#endData();
  }

  #consume(chunk: Uint8Array): void {
    let position = 0;
    while (position < chunk.length) {
      if (this.#data !== null) {
        const taken = Math.min(chunk.length - position, this.#dataLeft);
        this.#handler.onData?.(this.#data.streamId, chunk.subarray(position, position + taken));
        position += taken;
        this.skipData(taken);
        continue;
      }
      const taken = Math.min(chunk.length - position, this.#wanted - this.#held);
      this.#control.set(chunk.subarray(position, position + taken), this.#held);
      position += taken;
      this.#held += taken;
      if (this.#held === this.#wanted) this.#takeHeld();
    }
  }

  #takeHeld(): void {
    const isControl = (this.#control[0]! & 0x80) !== 0;
    const flags = this.#control[4]!;
    const length = this.#control.readUIntBE(5, 3);
    if (!isControl) {
      this.#startData(this.#control.readUInt32BE(0), flags, length);
      return;
    }
    if (this.#held === FRAME_HEADER_BYTES) {
      this.#checkControlHeader(length);
      this.#wanted = FRAME_HEADER_BYTES + length;
      if (length > 0) return;
    }
    this.#resetHeader();
    this.#takeControl(
      this.#control.readUInt16BE(2),
      flags,
      this.#control.subarray(FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + length),
    );
  }

  #checkControlHeader(length: number): void {
    const version = this.#control.readUInt16BE(0) & 0x7fff;
    if (version !== SPDY_VERSION)
      throw new WireError("unsupported-version", `SPDY version ${version}, only 3 is known`);
    if (length > this.#maxControlFrameBytes) {
      throw new WireError(
        "frame-too-large",
        `SPDY control frame of ${length} bytes, at most ${this.#maxControlFrameBytes}`,
      );
    }
  }

  #resetHeader(): void {
    this.#held = 0;
    this.#wanted = FRAME_HEADER_BYTES;
  }

  #startData(streamId: number, flags: number, length: number): void {
    if (streamId === 0) throw new WireError("malformed-frame", "SPDY data frame for stream 0");
    this.#resetHeader();
    this.#data = { streamId, length, fin: (flags & SPDY_FLAG_FIN) !== 0 };
    this.#dataLeft = length;
    this.#handler.onDataStart?.(this.#data);
    if (length === 0) this.#endData();
  }

  #endData(): void {
    const data = this.#data!;
    this.#data = null;
    this.#handler.onDataEnd?.(data);
  }

  #takeControl(type: number, flags: number, body: Buffer): void {
    const fin = (flags & SPDY_FLAG_FIN) !== 0;
    const handler = this.#handler;
    switch (type) {
      case SPDY_TYPE.synStream:
        this.#takeSynStream(flags, body);
        break;
      case SPDY_TYPE.synReply:
        handler.onSynReply?.({
          streamId: streamIdOf(body),
          fin,
          headers: this.#decodeHeaders(body, 4, "SYN_REPLY"),
        });
        break;
      case SPDY_TYPE.headers:
        handler.onHeaders?.({
          streamId: streamIdOf(body),
          fin,
          headers: this.#decodeHeaders(body, 4, "HEADERS"),
        });
        break;
      case SPDY_TYPE.rstStream:
        requireExactLength(body, 8, "RST_STREAM");
        handler.onRstStream?.({
          streamId: streamIdOf(body),
          status: nonZero(body.readUInt32BE(4), "RST_STREAM"),
        });
        break;
      case SPDY_TYPE.settings:
        handler.onSettings?.({ entries: parseSettings(body) });
        break;
      case SPDY_TYPE.ping:
        requireExactLength(body, 4, "PING");
        handler.onPing?.({ id: nonZero(body.readUInt32BE(0), "PING") });
        break;
      case SPDY_TYPE.goAway:
        requireExactLength(body, 8, "GOAWAY");
        handler.onGoAway?.({
          lastStreamId: body.readUInt32BE(0) & STREAM_ID_MASK,
          status: body.readUInt32BE(4),
        });
        break;
      case SPDY_TYPE.windowUpdate:
        requireExactLength(body, 8, "WINDOW_UPDATE");
        handler.onWindowUpdate?.({
          streamId: body.readUInt32BE(0) & STREAM_ID_MASK,
          delta: body.readUInt32BE(4) & STREAM_ID_MASK,
        });
        break;
      default:
        throw new WireError("malformed-frame", `unknown SPDY control frame type ${type}`);
    }
  }

  #decodeHeaders(body: Buffer, at: number, name: string): SpdyHeaders {
    requireLength(body, at, name);
    return this.#headers.decode(body.subarray(at));
  }

  #takeSynStream(flags: number, body: Buffer): void {
    requireLength(body, 10, "SYN_STREAM");
    const streamId = streamIdOf(body);
    if (streamId % 2 !== this.#firstStreamId % 2) {
      throw new WireError("malformed-frame", `SPDY stream ${streamId} has the other end's parity`);
    }
    // Ids must rise, so the last one is all it takes to know every repeated id.
    if (streamId <= this.#lastStreamId) {
      throw new WireError(
        "duplicate-stream-id",
        `SPDY stream ${streamId} opened after stream ${this.#lastStreamId}`,
      );
    }
    this.#lastStreamId = streamId;
    this.#handler.onSynStream?.({
      streamId,
      associatedStreamId: body.readUInt32BE(4) & STREAM_ID_MASK,
      priority: body[8]! >> 5,
      fin: (flags & SPDY_FLAG_FIN) !== 0,
      unidirectional: (flags & SPDY_FLAG_UNIDIRECTIONAL) !== 0,
      headers: this.#decodeHeaders(body, 10, "SYN_STREAM"),
    });
  }
}

function streamIdOf(body: Buffer): number {
  requireLength(body, 4, "control frame");
  const streamId = body.readUInt32BE(0) & STREAM_ID_MASK;
  if (streamId === 0) throw new WireError("malformed-frame", "SPDY control frame for stream 0");
  return streamId;
}

function requireLength(body: Buffer, atLeast: number, name: string): void {
  if (body.length < atLeast) throw new WireError("malformed-frame", `SPDY ${name} of ${body.length} bytes`);
}

function requireExactLength(body: Buffer, length: number, name: string): void {
  if (body.length !== length)
    throw new WireError("malformed-frame", `SPDY ${name} of ${body.length} bytes, not ${length}`);
}

function nonZero(value: number, name: string): number {
  if (value === 0) throw new WireError("malformed-frame", `SPDY ${name} with a zero value`);
  return value;
}

function parseSettings(body: Buffer): { id: number; flags: number; value: number }[] {
  requireLength(body, 4, "SETTINGS");
  const count = body.readUInt32BE(0);
  if (body.length !== 4 + count * 8)
    throw new WireError("malformed-frame", `SPDY SETTINGS of ${body.length} bytes for ${count} entries`);
  return Array.from({ length: count }, (_, index) => {
    const at = 4 + index * 8;
    return { flags: body[at]!, id: body.readUIntBE(at + 1, 3), value: body.readUInt32BE(at + 4) };
  });
}
