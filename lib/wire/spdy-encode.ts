import { SPDY_FLAG_FIN, SPDY_TYPE } from "./spdy-frames.ts";
import { HeaderCompressor, type SpdyHeaders } from "./spdy-header-block.ts";

/** The largest payload of one data frame: its length has 24 bits. */
const MAX_DATA_FRAME_BYTES = 0xffffff;

/** Status codes of RST_STREAM that Kubernetes' library uses (SPDY draft 3.1, section 2.6.3). */
export const RST_STATUS = { protocolError: 1, invalidStream: 2, refusedStream: 3, cancel: 5 } as const;

/** Writes SPDY/3.1 frames of one direction; it keeps that direction's header compression. */
export class SpdyFrameEncoder {
  readonly #headers = new HeaderCompressor();

  synStream(input: { streamId: number; headers: SpdyHeaders; fin?: boolean }): Buffer {
    const fixed = Buffer.alloc(10);
    fixed.writeUInt32BE(input.streamId, 0);
    return controlFrame(
      SPDY_TYPE.synStream,
      finFlag(input.fin),
      Buffer.concat([fixed, this.#headers.encode(input.headers)]),
    );
  }

  synReply(input: { streamId: number; headers: SpdyHeaders; fin?: boolean }): Buffer {
    return this.#headerFrame(SPDY_TYPE.synReply, input);
  }

  headers(input: { streamId: number; headers: SpdyHeaders; fin?: boolean }): Buffer {
    return this.#headerFrame(SPDY_TYPE.headers, input);
  }

  rstStream(streamId: number, status: number): Buffer {
    return controlFrame(SPDY_TYPE.rstStream, 0, words(streamId, status));
  }

  ping(id: number): Buffer {
    return controlFrame(SPDY_TYPE.ping, 0, words(id));
  }

  goAway(lastStreamId: number, status: number): Buffer {
    return controlFrame(SPDY_TYPE.goAway, 0, words(lastStreamId, status));
  }

  /** The header of a data frame whose payload the caller writes, which saves a copy. */
  dataHeader(streamId: number, length: number, fin = false): Buffer {
    if (length > MAX_DATA_FRAME_BYTES) throw new RangeError(`SPDY data frame of ${length} bytes`);
    const header = words(streamId, length);
    header[4] = finFlag(fin);
    return header;
  }

  #headerFrame(type: number, input: { streamId: number; headers: SpdyHeaders; fin?: boolean }): Buffer {
    return controlFrame(
      type,
      finFlag(input.fin),
      Buffer.concat([words(input.streamId), this.#headers.encode(input.headers)]),
    );
  }
}

function controlFrame(type: number, flags: number, body: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(0x8003, 0);
  header.writeUInt16BE(type, 2);
  header.writeUInt32BE(body.length, 4);
  header[4] = flags;
  return Buffer.concat([header, body]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    bytes.writeUInt32BE(value, index * 4);
  });
  return bytes;
}

function finFlag(fin: boolean | undefined): number {
  return fin === true ? SPDY_FLAG_FIN : 0;
}
