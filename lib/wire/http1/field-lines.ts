import { HeadError } from "./head-error.ts";
import { CR, FIELD_VALUE, isBlank, LF, OCTETS, TAB, TOKEN } from "./octets.ts";

/** As many as Node looks at: those behind would count for one reader and not for another. */
const MAX_FIELDS = 1000;
const LENGTH = /^(?:0|[1-9][0-9]{0,14})$/;

/** What a head's field lines say: all of them, and what of it says how the message ends and what becomes of the connection. */
export class FieldLines {
  /** Names and values in turn, in Latin-1, in the letters and the order in which they came. */
  readonly raw: string[] = [];
  contentLength: number | null = null;
  isChunked = false;
  hosts = 0;
  /** There is a Connection. */
  namesConnection = false;
  /** Connection names it. */
  close = false;
  /** Connection names it, or there is an Upgrade. */
  upgrade = false;
  expect = false;

  /**
   * Reads the lines of `text` from `from` on, up to the empty one; the index after it, or -1 where the text ends before. Lines that have come
   * are checked also then. Throws a HeadError.
   */
  read(text: string, from: number): number {
    const length = text.length;
    let at = from;
    while (at < length) {
      let code = text.charCodeAt(at);
      if (code === CR) {
        if (at + 1 === length) return -1;
        if (text.charCodeAt(at + 1) !== LF) throw crWithoutLf();
        return at + 2;
      }
      const nameAt = at;
      // A line that begins with a blank (obs-fold, RFC 9112 §5.2) has no name.
      while ((OCTETS[code]! & TOKEN) !== 0) code = ++at < length ? text.charCodeAt(at) : -1;
      if (at === length) return -1;
      if (code !== 0x3a || at === nameAt)
        throw new HeadError("a header line that has no token before its colon");
      const nameEnd = at++;
      let isPlain = true;
      for (; at < length && isBlank(text.charCodeAt(at)); at++)
        if (text.charCodeAt(at) === TAB) isPlain = false;
      const valueAt = at;
      while (at < length && (OCTETS[text.charCodeAt(at)]! & FIELD_VALUE) !== 0) at++;
      if (at === length) return -1;
      if (text.charCodeAt(at) === LF) throw new HeadError("an LF without CR", "HPE_CR_EXPECTED");
      if (text.charCodeAt(at) !== CR) throw new HeadError("a control character in a header's value");
      if (at + 1 === length) return -1;
      if (text.charCodeAt(at + 1) !== LF) throw crWithoutLf();
      let valueEnd = at;
      while (valueEnd > valueAt && isBlank(text.charCodeAt(valueEnd - 1))) valueEnd--;
      if (valueEnd !== at) isPlain = false;
      this.#add(text.slice(nameAt, nameEnd), text.slice(valueAt, valueEnd), isPlain);
      at += 2;
    }
    return -1;
  }

  /** `isPlain`: there is nothing around the value but blanks before it. */
  #add(name: string, value: string, isPlain: boolean): void {
    if (this.raw.length >= 2 * MAX_FIELDS)
      throw new HeadError(`more than ${MAX_FIELDS} headers`, "HPE_HEADER_OVERFLOW");
    this.raw.push(name, value);
    switch (name.length) {
      case 4:
        if (name.toLowerCase() === "host") this.hosts++;
        break;
      case 6:
        if (name.toLowerCase() === "expect") this.expect = true;
        break;
      case 7:
        if (name.toLowerCase() === "upgrade") this.upgrade = true;
        break;
      case 10:
        if (name.toLowerCase() === "connection") this.#readConnection(plain(value, isPlain));
        break;
      case 14:
        if (name.toLowerCase() === "content-length") this.#readLength(plain(value, isPlain));
        break;
      case 16:
        // Node's parser takes it for Connection, others do not.
        if (name.toLowerCase() === "proxy-connection") throw new HeadError("a Proxy-Connection");
        break;
      case 17:
        if (name.toLowerCase() === "transfer-encoding") this.#readCoding(plain(value, isPlain));
        break;
    }
  }

  #readLength(value: string): void {
    if (this.contentLength !== null || this.isChunked) throw twoLengths();
    if (!LENGTH.test(value))
      throw new HeadError("a Content-Length that is no plain number", "HPE_INVALID_CONTENT_LENGTH");
    this.contentLength = Number(value);
  }

  #readCoding(value: string): void {
    if (this.contentLength !== null || this.isChunked) throw twoLengths();
    if (value.length !== 7 || value.toLowerCase() !== "chunked")
      throw new HeadError("a Transfer-Encoding other than chunked", "HPE_INVALID_TRANSFER_ENCODING");
    this.isChunked = true;
  }

  #readConnection(value: string): void {
    this.namesConnection = true;
    const text = value.toLowerCase();
    if (text === "keep-alive") return;
    if (text === "close") {
      this.close = true;
      return;
    }
    for (const part of text.split(",")) {
      const option = part.trim();
      if (option === "close") this.close = true;
      else if (option === "upgrade") this.upgrade = true;
      else if (!CONNECTION_OPTION.test(option)) throw new HeadError("a Connection that is no list of tokens");
    }
  }
}

/** Where a tab stands before or behind it, or a blank behind it, Node's parser does not find `chunked`, others do. */
function plain(value: string, isPlain: boolean): string {
  if (!isPlain) throw new HeadError("blanks around a value that says how the message ends");
  return value;
}

/** Linear: of one class of characters. */
const CONNECTION_OPTION = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

const crWithoutLf = () => new HeadError("a CR without LF", "HPE_LF_EXPECTED");
const twoLengths = () => new HeadError("more than one length of the body", "HPE_UNEXPECTED_CONTENT_LENGTH");
