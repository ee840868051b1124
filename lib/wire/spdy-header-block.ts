import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { SPDY_DICTIONARY, SPDY_DICTIONARY_ID } from "./spdy-dictionary.ts";
import { WireError } from "./wire-error.ts";

/** Names in lower case; a name that came with several values (separated by NUL on the wire) has them all. */
export type SpdyHeaders = ReadonlyMap<string, readonly string[]>;

const WINDOW_BYTES = 32 * 1024;
const ZLIB_HEADER_BYTES = 6;
/** CM 8, a 32 KiB window, FDICT: what Go's compress/zlib writes for a level with a preset dictionary. */
const ZLIB_HEADER = Buffer.from([0x78, 0xf9, 0xe3, 0xc6, 0xa7, 0xc2]);

/**
 * One direction's header decompression. All header blocks of a direction form one zlib stream, each ended by a sync
 * flush (RFC 1950; SPDY draft 3, section 2.6.10.1), hence on a byte and block boundary: so each is inflated on its own
 * with the last 32 KiB of output as its dictionary. That keeps the state in plain bytes, makes every call synchronous
 * and bounds its output.
 */
export class HeaderDecompressor {
  readonly #maxBytes: number;
  #window: Buffer = SPDY_DICTIONARY;
  #started = false;

  /** `maxBytes`: the largest header block, uncompressed. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The headers of one SYN_STREAM, SYN_REPLY or HEADERS frame. Throws a WireError. */
  decode(compressed: Buffer): SpdyHeaders {
    const block = this.#inflate(this.#started ? compressed : this.#stripZlibHeader(compressed));
    this.#window = slideWindow(this.#window, block);
    return parseHeaderBlock(block);
  }

  #stripZlibHeader(compressed: Buffer): Buffer {
    if (compressed.length < ZLIB_HEADER_BYTES) {
      throw new WireError("malformed-header-block", "SPDY header block shorter than a zlib header");
    }
    const method = compressed[0]!;
    const flags = compressed[1]!;
    const valid = (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0;
    if (!valid) throw new WireError("malformed-header-block", "SPDY header block without a zlib header");
    const hasDictionary = (flags & 0x20) !== 0;
    if (!hasDictionary || compressed.readUInt32BE(2) !== SPDY_DICTIONARY_ID) {
      throw new WireError(
        "malformed-header-block",
        "SPDY header block that does not use the SPDY/3 dictionary",
      );
    }
    this.#started = true;
    return compressed.subarray(ZLIB_HEADER_BYTES);
  }

  #inflate(compressed: Buffer): Buffer {
    try {
      return inflateRawSync(compressed, {
        dictionary: this.#window,
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: this.#maxBytes,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
        throw new WireError("header-block-too-large", `SPDY header block over ${this.#maxBytes} bytes`);
      }
      throw new WireError("malformed-header-block", "SPDY header block that does not decompress");
    }
  }
}

/** One direction's header compression, the counterpart of HeaderDecompressor. */
export class HeaderCompressor {
  #window: Buffer = SPDY_DICTIONARY;
  #started = false;

  encode(headers: SpdyHeaders): Buffer {
    const block = buildHeaderBlock(headers);
    const compressed = deflateRawSync(block, {
      dictionary: this.#window,
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    this.#window = slideWindow(this.#window, block);
    if (this.#started) return compressed;
    this.#started = true;
    return Buffer.concat([ZLIB_HEADER, compressed]);
  }
}

function slideWindow(window: Buffer, block: Buffer): Buffer {
  const joined = Buffer.concat([window, block]);
  return joined.length <= WINDOW_BYTES ? joined : Buffer.from(joined.subarray(joined.length - WINDOW_BYTES));
}

function parseHeaderBlock(block: Buffer): SpdyHeaders {
  const headers = new Map<string, readonly string[]>();
  let position = 0;
  const readLength = () => {
    if (position + 4 > block.length) throw truncated();
    position += 4;
    return block.readUInt32BE(position - 4);
  };
  const readText = () => {
    const length = readLength();
    if (length > block.length - position) throw truncated();
    position += length;
    return block.toString("utf8", position - length, position);
  };
  for (let left = readLength(); left > 0; left--) {
    const name = readText();
    if (name === "" || name !== name.toLowerCase()) {
      throw new WireError("malformed-header-block", "SPDY header name that is empty or not in lower case");
    }
    if (headers.has(name)) throw new WireError("malformed-header-block", "SPDY header that appears twice");
    headers.set(name, readText().split("\0"));
  }
  if (position !== block.length)
    throw new WireError("malformed-header-block", "SPDY header block with bytes left over");
  return headers;
}

function truncated(): WireError {
  return new WireError("malformed-header-block", "SPDY header block that ends early");
}

function buildHeaderBlock(headers: SpdyHeaders): Buffer {
  const parts: Buffer[] = [uint32(headers.size)];
  for (const [name, values] of headers) {
    for (const text of [name, values.join("\0")]) {
      const bytes = Buffer.from(text, "utf8");
      parts.push(uint32(bytes.length), bytes);
    }
  }
  return Buffer.concat(parts);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value, 0);
  return bytes;
}
