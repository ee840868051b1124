import { fieldLines } from "./write-head.ts";

const CRLF_BYTES = 2;
/** Of the last chunk without trailers. */
const LAST_CHUNK = "0\r\n\r\n";

/** One chunk (RFC 9112 §7.1), as one buffer. Without content there is none to write: an empty chunk would be the last one. */
export function encodeChunk(content: Buffer): Buffer {
  return encode(content, "");
}

/** The rest of a chunked body, as one buffer: a last stretch of content, if there is any, the last chunk and the trailers (names and values in turn). */
export function encodeLastChunk(content: Buffer | null, trailers: readonly string[] = []): Buffer {
  const tail = trailers.length === 0 ? LAST_CHUNK : `0\r\n${fieldLines(trailers)}\r\n`;
  return content === null ? Buffer.from(tail, "latin1") : encode(content, tail);
}

function encode(content: Buffer, tail: string): Buffer {
  if (content.length === 0) return Buffer.from(tail, "latin1");
  const size = `${content.length.toString(16)}\r\n`;
  const contentEnd = size.length + content.length;
  const framed = Buffer.allocUnsafe(contentEnd + CRLF_BYTES + tail.length);
  framed.write(size, 0, "latin1");
  content.copy(framed, size.length);
  framed.write(`\r\n${tail}`, contentEnd, "latin1");
  return framed;
}
