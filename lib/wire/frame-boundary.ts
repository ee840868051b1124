/** WebSocket: at most 14 bytes. */
const LONGEST_HEADER_BYTES = 14;
const WEBSOCKET_HEADER_BYTES = 2;
const SPDY_HEADER_BYTES = 8;
/** Frames of control (close, ping, pong) may stand between those of one message (RFC 6455 §5.4). */
const FIRST_CONTROL_OPCODE = 8;

/**
 * Follows where the frames of one direction end, so that a frame of one's own can be put behind a whole one. Reads the frames' lengths and
 * nothing else; that they are well-formed is others' concern.
 */
export class FrameBoundary {
  readonly #isWebSocket: boolean;
  readonly #header = Buffer.alloc(LONGEST_HEADER_BYTES);
  #held = 0;
  #wanted: number;
  #payloadLeft = 0;
  #inMessage = false;

  constructor(protocol: "websocket" | "spdy") {
    this.#isWebSocket = protocol === "websocket";
    this.#wanted = this.#firstWanted();
  }

  /** At least how many more bytes belong to the frame under way, or to its message; 0 where a frame of one's own may follow. */
  get bytesLeft(): number {
    if (this.#payloadLeft > 0) return this.#payloadLeft;
    if (this.#held > 0) return this.#wanted - this.#held;
    return this.#inMessage ? this.#wanted : 0;
  }

  /** Takes the next bytes. */
  pass(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) at += this.#passSome(chunk, at);
  }

  /** Takes the next bytes up to where a frame of one's own may follow, and yields how many these are. */
  passToEnd(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length && this.bytesLeft > 0) at += this.#passSome(chunk, at);
    return at;
  }

  #passSome(chunk: Uint8Array, at: number): number {
    const left = chunk.length - at;
    if (this.#payloadLeft > 0) {
      const taken = Math.min(this.#payloadLeft, left);
      this.#payloadLeft -= taken;
      return taken;
    }
    const taken = Math.min(this.#wanted - this.#held, left);
    this.#header.set(chunk.subarray(at, at + taken), this.#held);
    this.#held += taken;
    if (this.#held === this.#wanted) this.#takeHeader();
    return taken;
  }

  #takeHeader(): void {
    if (this.#isWebSocket) this.#takeWebSocketHeader();
    else this.#startPayload(this.#header.readUIntBE(5, 3));
  }

  #takeWebSocketHeader(): void {
    const header = this.#header;
    const length = header[1]! & 0x7f;
    if (this.#held === WEBSOCKET_HEADER_BYTES) {
      const more = (length === 126 ? 2 : length === 127 ? 8 : 0) + ((header[1]! & 0x80) === 0 ? 0 : 4);
      this.#wanted += more;
      if (more > 0) return;
    }
    if ((header[0]! & 0x0f) < FIRST_CONTROL_OPCODE) this.#inMessage = (header[0]! & 0x80) === 0;
    if (length === 126) this.#startPayload(header.readUInt16BE(2));
    else if (length === 127) this.#startPayload(Number(header.readBigUInt64BE(2)));
    else this.#startPayload(length);
  }

  #startPayload(length: number): void {
    this.#payloadLeft = length;
    this.#held = 0;
    this.#wanted = this.#firstWanted();
  }

  #firstWanted(): number {
    return this.#isWebSocket ? WEBSOCKET_HEADER_BYTES : SPDY_HEADER_BYTES;
  }
}
