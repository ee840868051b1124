import { RST_STATUS, SpdyFrameEncoder } from "../../../lib/wire/spdy-encode.ts";
import { SpdyFrameParser } from "../../../lib/wire/spdy-frames.ts";
import type { SpdyHeaders } from "../../../lib/wire/spdy-header-block.ts";
import { WireError } from "../../../lib/wire/wire-error.ts";
import type { SessionTransport } from "./upgraded-socket.ts";

const MAX_STREAMS = 1_000;
const MAX_CHUNK_BYTES = 1024 * 1024;
const MAX_EARLY_BYTES = 1024 * 1024;
const NO_HEADERS: SpdyHeaders = new Map();

/** One stream that the client opened. */
export class SpdyStream {
  readonly id: number;
  readonly headers: SpdyHeaders;
  readonly #connection: SpdyServerConnection;
  #onData: ((chunk: Buffer) => void) | null = null;
  #onEnd: (() => void) | null = null;
  #early: Buffer[] = [];
  #earlyBytes = 0;
  localEnded = false;
  remoteEnded = false;

  constructor(connection: SpdyServerConnection, id: number, headers: SpdyHeaders) {
    this.#connection = connection;
    this.id = id;
    this.headers = headers;
  }

  /** A header's first value, or an empty string. */
  header(name: string): string {
    return this.headers.get(name)?.[0] ?? "";
  }

  /** Delivers the client's data, also what came before, and once the end: FIN, reset or the connection's end. */
  receive(handler: { onData: (chunk: Buffer) => void; onEnd: () => void }): void {
    this.#onData = handler.onData;
    this.#onEnd = handler.onEnd;
    for (const chunk of this.#early.splice(0)) handler.onData(chunk);
    if (this.remoteEnded) handler.onEnd();
  }

  /** Data from the client. Returns false where nobody reads it and no more can be kept. */
  deliver(chunk: Buffer): boolean {
    if (this.#onData !== null) this.#onData(chunk);
    else {
      this.#early.push(chunk);
      this.#earlyBytes += chunk.length;
    }
    return this.#earlyBytes <= MAX_EARLY_BYTES;
  }

  async write(data: Buffer): Promise<void> {
    for (let at = 0; at < data.length && !this.localEnded; at += MAX_CHUNK_BYTES) {
      await this.#connection.writeData(this.id, data.subarray(at, at + MAX_CHUNK_BYTES), false);
    }
  }

  /** FIN of this half. */
  end(): void {
    if (this.localEnded) return;
    this.localEnded = true;
    void this.#connection.writeData(this.id, Buffer.alloc(0), true);
    this.#connection.forgetIfClosed(this);
  }

  /** RST_STREAM with status CANCEL, unless this half is finished already (as moby/spdystream does). */
  reset(): void {
    if (!this.localEnded) this.#connection.resetStream(this.id, RST_STATUS.cancel);
    this.localEnded = true;
    this.finishRemote();
  }

  finishRemote(): void {
    if (this.remoteEnded) return;
    this.remoteEnded = true;
    this.#onEnd?.();
    this.#connection.forgetIfClosed(this);
  }
}

/** The server's end of a SPDY/3.1 connection, on any transport. */
export class SpdyServerConnection {
  readonly #transport: SessionTransport;
  readonly #onStream: (stream: SpdyStream) => void;
  readonly #encoder = new SpdyFrameEncoder();
  readonly #parser: SpdyFrameParser;
  readonly #streams = new Map<number, SpdyStream>();
  #lastStreamId = 0;
  #ended = false;

  constructor(transport: SessionTransport, onStream: (stream: SpdyStream) => void) {
    this.#transport = transport;
    this.#onStream = onStream;
    this.#parser = new SpdyFrameParser({
      from: "client",
      handler: {
        onSynStream: (frame) => this.#open(frame.streamId, frame.headers, frame.fin),
        onData: (streamId, chunk) => {
          const stream = this.#streams.get(streamId);
          if (stream !== undefined && !stream.deliver(Buffer.from(chunk))) this.goAway();
        },
        onDataEnd: ({ streamId, fin }) => {
          if (fin) this.#streams.get(streamId)?.finishRemote();
        },
        onRstStream: ({ streamId }) => this.#reset(streamId),
        onPing: ({ id }) => {
          // Even ids are the server's own: an answer to a ping that was never sent.
          if (id % 2 === 1) void this.#transport.write([this.#encoder.ping(id)]);
        },
        onGoAway: () => this.close(),
      },
    });
  }

  /** Takes bytes from the client. A protocol error ends the connection. */
  receive(chunk: Buffer): void {
    if (this.#ended) return;
    try {
      this.#parser.push(chunk);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.goAway();
    }
  }

  /** Resets what is open, says goodbye and closes, in the order of moby/spdystream's `Close`. */
  goAway(): void {
    if (this.#ended) return;
    for (const stream of [...this.#streams.values()]) stream.reset();
    void this.#transport.write([this.#encoder.goAway(this.#lastStreamId, 0)]);
    this.close();
  }

  /** Closes without a word: the client has gone. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const stream of [...this.#streams.values()]) stream.finishRemote();
    this.#streams.clear();
    this.#transport.end();
  }

  writeData(streamId: number, data: Buffer, fin: boolean): Promise<void> {
    if (this.#ended) return Promise.resolve();
    return this.#transport.write([this.#encoder.dataHeader(streamId, data.length, fin), data]);
  }

  resetStream(streamId: number, status: number): void {
    if (this.#ended) return;
    this.#streams.delete(streamId);
    void this.#transport.write([this.#encoder.rstStream(streamId, status)]);
  }

  forgetIfClosed(stream: SpdyStream): void {
    if (stream.localEnded && stream.remoteEnded) this.#streams.delete(stream.id);
  }

  #open(streamId: number, headers: SpdyHeaders, fin: boolean): void {
    this.#lastStreamId = streamId;
    if (this.#streams.size >= MAX_STREAMS) {
      this.resetStream(streamId, RST_STATUS.refusedStream);
      return;
    }
    const stream = new SpdyStream(this, streamId, headers);
    this.#streams.set(streamId, stream);
    void this.#transport.write([this.#encoder.synReply({ streamId, headers: NO_HEADERS })]);
    this.#onStream(stream);
    if (fin) stream.finishRemote();
  }

  #reset(streamId: number): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    stream.localEnded = true;
    stream.finishRemote();
  }
}
