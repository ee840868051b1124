import { KnownNames } from "./known-names.ts";

// What octets.ts says of them, for texts: one class of characters each, of which none is beyond Latin-1 and would be cut to another octet.
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const TARGET = /^[\x21\x22\x24-\x7e]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

const tokens = new KnownNames((name) => TOKEN.test(name));

/**
 * A request's head as text in Latin-1, with its empty line. `headers`: names and values in turn, Host and what says how long the body is
 * among them. Throws a TypeError where it would be no head, or another one than it says.
 */
export function writeRequestHead(method: string, target: string, headers: readonly string[]): string {
  if (!TOKEN.test(method)) throw unwritable("the method");
  if (!TARGET.test(target)) throw unwritable("the target");
  return `${method} ${target} HTTP/1.1\r\n${fieldLines(headers)}\r\n`;
}

/**
 * An answer's head as text in Latin-1, with its empty line. `headers`: names and values in turn, what says how long the content is among them.
 * Throws a TypeError where it would be no head, or another one than it says.
 */
export function writeResponseHead(
  statusCode: number,
  statusMessage: string,
  headers: readonly string[],
): string {
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 999)
    throw unwritable("the status code");
  if (!FIELD_VALUE.test(statusMessage)) throw unwritable("the reason phrase");
  return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${fieldLines(headers)}\r\n`;
}

/** Header lines, or trailers, without the empty line after them. `headers`: names and values in turn. Throws a TypeError. */
export function fieldLines(headers: readonly string[]): string {
  let lines = "";
  let lengths = 0;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!;
    const value = headers[i + 1];
    if (!tokens.of(name)) throw unwritable("a header's name");
    if (value === undefined || !FIELD_VALUE.test(value)) throw unwritable(`the header ${name}`);
    if (saysLength(name) && ++lengths > 1) throw new TypeError("a head with two lengths of its body");
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

function saysLength(name: string): boolean {
  if (name.length === 14) return name.toLowerCase() === "content-length";
  return name.length === 17 && name.toLowerCase() === "transfer-encoding";
}

/** Without the text itself: it may be a secret. */
const unwritable = (what: string) => new TypeError(`${what} cannot be written into a head`);
