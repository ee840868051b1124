import type { IncomingHttpHeaders } from "node:http";
import { FieldLines } from "./field-lines.ts";
import { HeadError } from "./head-error.ts";
import { MAX_REQUEST_HEAD_BYTES, readHeadText } from "./head-text.ts";
import { headerObject } from "./header-object.ts";
import { CR, LF, OCTETS, TARGET } from "./octets.ts";

/** Of these alone every reader says the same; CONNECT and TRACE have rules of their own. */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const VERSION = " HTTP/1.1";

/**
 * Reads the head of a plain HTTP/1.1 request (RFC 9112) that begins at `from`; null: it is not whole yet, and so far it may become one (who is
 * given it in many pieces: HeadCollector). Throws a HeadError where it is anything else, also where it is allowed but rare: other forms of
 * target than a path, lines before the first, blanks, no Host. Whatever it takes, node:http reads the same.
 */
export function readRequestHead(bytes: Buffer, from: number): ReadRequestHead | null {
  const head = readHeadText(bytes, from, MAX_REQUEST_HEAD_BYTES, parse);
  if (head !== null) head.end += from;
  return head;
}

export type { ReadRequestHead };

/** A request's head, with all that is asked of an IncomingMessage of which no body has come. */
class ReadRequestHead {
  readonly httpVersion = "1.1";
  readonly method: string;
  /** The target: a path, with its query. */
  readonly url: string;
  /** Names and values in turn, in Latin-1, in the letters and the order in which they came. */
  readonly rawHeaders: string[];
  /** How long the body is, in bytes; 0: there is none. */
  readonly body: number | "chunked";
  /** The client does not ask to close the connection after the answer. */
  readonly keepAlive: boolean;
  /** There is an Upgrade, or Connection names it. */
  readonly asksForUpgrade: boolean;
  /** There is an Expect. */
  readonly expects: boolean;
  /** The index after the head in the buffer that was read. */
  end: number;
  #headers: IncomingHttpHeaders | null = null;

  constructor(method: string, url: string, fields: FieldLines, end: number) {
    this.method = method;
    this.url = url;
    this.rawHeaders = fields.raw;
    this.body = fields.isChunked ? "chunked" : (fields.contentLength ?? 0);
    this.keepAlive = !fields.close;
    this.asksForUpgrade = fields.upgrade;
    this.expects = fields.expect;
    this.end = end;
  }

  /** As node:http's IncomingMessage has them. */
  get headers(): IncomingHttpHeaders {
    this.#headers ??= headerObject(this.rawHeaders);
    return this.#headers;
  }
}

function parse(text: string): ReadRequestHead | null {
  const method = methodOf(text);
  if (method === null) return null;
  const length = text.length;
  const targetAt = method.length + 1;
  let at = targetAt;
  if (at < length && text.charCodeAt(at) !== 0x2f)
    throw new HeadError("a target that is no path", "HPE_INVALID_URL");
  while (at < length && (OCTETS[text.charCodeAt(at)]! & TARGET) !== 0) at++;
  const targetEnd = at;
  for (let i = 0; i < VERSION.length; i++, at++) {
    if (at === length) return null;
    if (text.charCodeAt(at) !== VERSION.charCodeAt(i))
      throw i === 0
        ? new HeadError("a target with other than visible ASCII", "HPE_INVALID_URL")
        : new HeadError("a version other than HTTP/1.1", "HPE_INVALID_VERSION");
  }
  if (at === length) return null;
  if (text.charCodeAt(at) !== CR) throw new HeadError("a request line that goes on", "HPE_INVALID_VERSION");
  if (at + 1 === length) return null;
  if (text.charCodeAt(at + 1) !== LF) throw new HeadError("a CR without LF", "HPE_LF_EXPECTED");

  const fields = new FieldLines();
  const end = fields.read(text, at + 2);
  if (fields.hosts > 1) throw new HeadError("more than one Host");
  if (end === -1) return null;
  if (fields.hosts === 0) throw new HeadError("no Host");
  return new ReadRequestHead(method, text.slice(targetAt, targetEnd), fields, end);
}

/** The method that a text begins with; null: what there is may become one. */
function methodOf(text: string): string | null {
  let mayBecome = false;
  for (const method of METHODS) {
    if (text.startsWith(method) && text.charCodeAt(method.length) === 0x20) return method;
    if (text.length <= method.length && method.startsWith(text)) mayBecome = true;
  }
  if (mayBecome) return null;
  throw new HeadError("no method that is read here", "HPE_INVALID_METHOD");
}
