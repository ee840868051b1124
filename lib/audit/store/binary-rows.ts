import { boundedText } from "./stored-text.ts";

/** "PGCOPY", then what a transfer in text mode would change; no flags, no extension of the header. */
const HEADER = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const TRAILER = -1;
const NULL = -1;
/** Room for whatever has a fixed length. */
const FIXED_BYTES = 32;
const FIRST_BYTES = 65_536;
const TWO_TO_32 = 2 ** 32;
/** PostgreSQL counts from the year 2000. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const LAST_DATE_MS = 8.64e15;
/** Longer texts are faster written by native code. */
const SHORT_TEXT = 64;
const HEX = hexDigits();
/** Where the sixteen bytes of a UUID stand in its text. */
const UUID_PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const UUID_LENGTH = 36;
const HYPHEN = 45;

/**
 * Rows in PostgreSQL's binary COPY format (its documentation: "COPY", "Binary Format"), written without a text or an object in between. Each value is
 * written in the order of the columns; what the format cannot say of a value throws a TypeError or a RangeError.
 */
export class BinaryRows {
  readonly #columns: number;
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #view = viewOf(this.#bytes);
  #length = HEADER.length;
  #rows = 0;

  /** `columns`: values a row. */
  constructor(columns: number) {
    this.#columns = columns;
    HEADER.copy(this.#bytes);
  }

  get rows(): number {
    return this.#rows;
  }

  beginRow(): void {
    this.#reserve(FIXED_BYTES);
    this.#view.setInt16(this.#length, this.#columns);
    this.#length += 2;
    this.#rows += 1;
  }

  null(): void {
    this.#reserve(FIXED_BYTES);
    this.#view.setInt32(this.#length, NULL);
    this.#length += 4;
  }

  boolean(value: boolean): void {
    const at = this.#field(1);
    this.#bytes[at] = value ? 1 : 0;
  }

  smallint(value: number): void {
    const at = this.#field(2);
    this.#view.setInt16(at, value);
  }

  integer(value: number): void {
    const at = this.#field(4);
    this.#view.setInt32(at, value);
  }

  /** Returns where it stands, for `setBigint`. */
  bigint(value: number): number {
    const at = this.#field(8);
    this.setBigint(at, value);
    return at;
  }

  /** Writes another number where `bigint` wrote one. */
  setBigint(at: number, value: number): void {
    const high = Math.floor(value / TWO_TO_32);
    this.#view.setInt32(at, high);
    this.#view.setUint32(at + 4, value - high * TWO_TO_32);
  }

  /** `ms`: since 1970. */
  time(ms: number): void {
    if (!(Math.abs(ms) <= LAST_DATE_MS)) throw new RangeError(`got ${ms}: takes milliseconds since 1970`);
    // Microseconds of later centuries are more than a number holds exactly: in two halves.
    const since = Math.trunc(ms) - EPOCH_MS;
    const high = Math.floor(since / TWO_TO_32);
    const low = (since - high * TWO_TO_32) * 1_000;
    const carried = Math.floor(low / TWO_TO_32);
    const at = this.#field(8);
    this.#view.setInt32(at, high * 1_000 + carried);
    this.#view.setUint32(at + 4, low - carried * TWO_TO_32);
  }

  uuid(text: string): void {
    const at = this.#field(16);
    const bytes = this.#bytes;
    // Only what is no digit, or is not there, is above 15.
    let wrong = text.length === UUID_LENGTH ? 0 : 16;
    for (let i = 0; i < 16; i++) {
      const place = UUID_PLACES[i]!;
      const first = text.charCodeAt(place);
      const second = text.charCodeAt(place + 1);
      const high = HEX[first & 0xff]!;
      const low = HEX[second & 0xff]!;
      wrong |= high | low | ((first | second) & 0xff00);
      bytes[at + i] = (high << 4) | low;
    }
    if (wrong > 15 || !hasHyphens(text)) throw new TypeError(`got ${JSON.stringify(text)}: takes a UUID`);
  }

  /** What PostgreSQL takes of a text, cut to `maxBytes`. */
  text(text: string, maxBytes: number): void {
    const { length } = text;
    if (length <= SHORT_TEXT && length <= maxBytes && this.#shortAscii(text)) return;
    const kept = boundedText(text, maxBytes);
    const bytes = Buffer.byteLength(kept);
    this.#reserve(4 + bytes);
    this.#view.setInt32(this.#length, bytes);
    this.#bytes.write(kept, this.#length + 4);
    this.#length += 4 + bytes;
  }

  /** Bytes as hexadecimal digits. */
  hex(digits: string): void {
    const value = Buffer.from(digits, "hex");
    if (value.length * 2 !== digits.length)
      throw new TypeError(`got ${JSON.stringify(digits)}: takes hexadecimal digits`);
    this.#reserve(4 + value.length);
    this.#view.setInt32(this.#length, value.length);
    value.copy(this.#bytes, this.#length + 4);
    this.#length += 4 + value.length;
  }

  /** All of it; there is no row after it. */
  end(): Buffer {
    this.#reserve(2);
    this.#view.setInt16(this.#length, TRAILER);
    return this.#bytes.subarray(0, this.#length + 2);
  }

  /** Writes a value's length; returns where its bytes go. */
  #field(bytes: number): number {
    this.#reserve(FIXED_BYTES);
    const at = this.#length + 4;
    this.#view.setInt32(this.#length, bytes);
    this.#length = at + bytes;
    return at;
  }

  /** False for a text with other characters, of which nothing is written. */
  #shortAscii(text: string): boolean {
    const { length } = text;
    this.#reserve(4 + SHORT_TEXT);
    const at = this.#length + 4;
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code === 0 || code > 127) return false;
      bytes[at + i] = code;
    }
    this.#view.setInt32(this.#length, length);
    this.#length = at + length;
    return true;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }
}

const viewOf = ({ buffer, byteOffset, length }: Buffer): DataView => new DataView(buffer, byteOffset, length);

const hasHyphens = (uuid: string): boolean =>
  uuid.charCodeAt(8) === HYPHEN &&
  uuid.charCodeAt(13) === HYPHEN &&
  uuid.charCodeAt(18) === HYPHEN &&
  uuid.charCodeAt(23) === HYPHEN;

/** What a character is as a hexadecimal digit; 16 where it is none. */
function hexDigits(): Uint8Array {
  const digits = new Uint8Array(256).fill(16);
  for (let value = 0; value < 16; value++) {
    const digit = value.toString(16);
    digits[digit.charCodeAt(0)] = value;
    digits[digit.toUpperCase().charCodeAt(0)] = value;
  }
  return digits;
}
