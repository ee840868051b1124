import type { IncomingHttpHeaders } from "node:http";
import { FieldLines } from "./field-lines.ts";
import { HeadError } from "./head-error.ts";
import { MAX_RESPONSE_HEAD_BYTES, readHeadText } from "./head-text.ts";
import { headerObject } from "./header-object.ts";
import { CR, LF } from "./octets.ts";

/** How an answer's content ends: after so many bytes (0: there is none), with the last chunk, or with the connection. */
export type ResponseBody = number | "chunked" | "until-close";

/**
 * Reads the head of an answer (RFC 9112) that begins at `from`; null: it is not whole yet, and so far it may become one (who is given it in many
 * pieces: HeadCollector). `method`: of the request. Throws a HeadError where it is no HTTP/1.0 or 1.1, or its end can be told in two ways.
 */
export function readResponseHead(
  bytes: Buffer,
  from: number,
  { method }: { method: string },
): ReadResponseHead | null {
  const parts = readHeadText(bytes, from, MAX_RESPONSE_HEAD_BYTES, parse);
  return parts === null ? null : new ReadResponseHead(parts, from, method);
}

export type { ReadResponseHead };

interface Parts {
  minor: 0 | 1;
  statusCode: number;
  statusMessage: string;
  fields: FieldLines;
  end: number;
}

/** An answer's head. */
class ReadResponseHead {
  readonly statusCode: number;
  readonly statusMessage: string;
  /** Names and values in turn, in Latin-1, in the letters and the order in which they came. */
  readonly rawHeaders: string[];
  readonly body: ResponseBody;
  /** The connection may be used again, once the content has come. */
  readonly keepAlive: boolean;
  /** The index after the head in the buffer that was read. */
  readonly end: number;
  #headers: IncomingHttpHeaders | null = null;

  constructor({ minor, statusCode, statusMessage, fields, end }: Parts, from: number, method: string) {
    this.statusCode = statusCode;
    this.statusMessage = statusMessage;
    this.rawHeaders = fields.raw;
    this.body = bodyOf(statusCode, method, minor, fields);
    // To HEAD, too, the length is said by whoever keeps the connection: as Node's parsers have it, which close it otherwise.
    const saysLength = fields.isChunked || fields.contentLength !== null || hasNoBody(statusCode);
    this.keepAlive = minor === 1 && !fields.close && saysLength;
    this.end = from + end;
  }

  /** As node:http's IncomingMessage has them. */
  get headers(): IncomingHttpHeaders {
    this.#headers ??= headerObject(this.rawHeaders);
    return this.#headers;
  }
}

const hasNoBody = (status: number): boolean => status < 200 || status === 204 || status === 304;

/** RFC 9112 §6.3. */
function bodyOf(status: number, method: string, minor: 0 | 1, fields: FieldLines): ResponseBody {
  const { isChunked, contentLength } = fields;
  if (isChunked && minor === 0) throw new HeadError("a Transfer-Encoding in HTTP/1.0");
  if (hasNoBody(status) && status !== 304) {
    // RFC 9110 §8.6 and RFC 9112 §6.1: no server may send it, and some readers would wait for what it announces.
    if (isChunked || (contentLength ?? 0) > 0) throw new HeadError(`a body announced with status ${status}`);
    return 0;
  }
  if (status === 304 || method === "HEAD") return 0;
  return isChunked ? "chunked" : (contentLength ?? "until-close");
}

const PROTOCOL = "HTTP/1.";

function parse(text: string): Parts | null {
  const length = text.length;
  if (length < 13) {
    if (!text.startsWith(PROTOCOL.slice(0, Math.min(length, PROTOCOL.length)))) throw noStatusLine();
    return null;
  }
  const version = text.charCodeAt(7) - 0x30;
  const hundreds = text.charCodeAt(9) - 0x30;
  const tens = text.charCodeAt(10) - 0x30;
  const ones = text.charCodeAt(11) - 0x30;
  if (!text.startsWith(PROTOCOL) || (version !== 0 && version !== 1) || text.charCodeAt(8) !== 0x20)
    throw noStatusLine();
  if (hundreds < 1 || hundreds > 9 || tens < 0 || tens > 9 || ones < 0 || ones > 9) throw noStatusLine();
  let at = 12;
  let reasonAt = at;
  // Without a reason the blank before it may be missing too, as servers leave it out.
  if (text.charCodeAt(at) === 0x20) {
    reasonAt = ++at;
    while (at < length && !endsReason(text.charCodeAt(at))) at++;
  }
  if (at + 1 >= length) return null;
  if (text.charCodeAt(at) !== CR || text.charCodeAt(at + 1) !== LF) throw noStatusLine();
  const fields = new FieldLines();
  const end = fields.read(text, at + 2);
  if (end === -1) return null;
  const statusCode = hundreds * 100 + tens * 10 + ones;
  return { minor: version, statusCode, statusMessage: text.slice(reasonAt, at), fields, end };
}

/** Nothing depends on the reason, and node:http takes other control characters in it, too; who passes it on looks at it then. */
const endsReason = (octet: number): boolean => octet === CR || octet === LF || octet === 0;

const noStatusLine = () => new HeadError("no HTTP/1.1 status line", "HPE_INVALID_CONSTANT");
