import type { TerminalSize } from "../../../../lib/wire/channel-protocol.ts";
import { type ByteReader, type ByteWriter, waitIn } from "../byte-pipe.ts";

const CONTROL = {
  c: 0x03,
  d: 0x04,
  u: 0x15,
  w: 0x17,
  backslash: 0x1c,
  backspace: 0x08,
  delete: 0x7f,
} as const;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const MAX_LINE_BYTES = 4096;
const MAX_PENDING_BYTES = 256 * 1024;

/**
 * A terminal's line discipline (termios in its usual settings): echo, erase, line and word kill, interrupt, end of
 * file, CR to LF on input and LF to CR LF on output. Input is worked on when a program reads it, so that what is typed
 * ahead appears at the prompt it belongs to; only ^C and ^\ act at once.
 */
export class Terminal {
  size: TerminalSize = { width: 80, height: 24 };
  /** `stty -echo` turns it off. */
  echo = true;
  /** Whoever has the terminal's foreground gets the signal of ^C or ^\. */
  onSignal: ((signal: number) => void) | null = null;
  /** The size has changed. */
  onResize: (() => void) | null = null;
  readonly reader: ByteReader;
  readonly writer: ByteWriter;
  readonly #output: ByteWriter;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #line: number[] = [];
  #pushedBack: Buffer[] = [];
  #ended = false;
  #raw = false;
  readonly #waiting = new Set<() => void>();

  constructor(output: ByteWriter) {
    this.#output = output;
    this.reader = {
      read: (signal) => this.#readLine(signal),
      unread: (bytes) => {
        if (bytes.length > 0) this.#pushedBack.push(bytes);
      },
    };
    this.writer = { write: (bytes, signal) => this.#write(bytes, signal) };
  }

  /** Bytes that the person typed. What exceeds the type-ahead buffer is lost, as on a real terminal. */
  input(bytes: Buffer): void {
    let rest = bytes;
    if (!this.#raw) {
      const at = rest.findLastIndex((byte) => byte === CONTROL.c || byte === CONTROL.backslash);
      if (at !== -1) {
        const signal = rest[at] === CONTROL.c ? 2 : 3;
        rest = rest.subarray(at + 1);
        this.#interrupt(signal);
      }
    }
    if (rest.length > 0 && this.#pendingBytes < MAX_PENDING_BYTES) {
      this.#pending.push(rest);
      this.#pendingBytes += rest.length;
    }
    this.#wake();
  }

  /** The person is gone: readers see the end. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Sizes of zero, which a client without a window sends, are ignored as kubelet does. */
  resize(size: TerminalSize): void {
    if (size.width < 1 || size.height < 1) return;
    this.size = size;
    this.onResize?.();
  }

  /** In raw mode the keys go to whoever calls `readKeys`, control characters included: a line editor does that. */
  setRaw(raw: boolean): void {
    this.#raw = raw;
    if (!raw) return;
    const unread = [...this.#pushedBack.splice(0).reverse(), Buffer.from(this.#line)].filter(
      (part) => part.length > 0,
    );
    this.#line = [];
    this.#pending.unshift(...unread);
  }

  /** The next keys, or null at the end. */
  async readKeys(signal?: AbortSignal): Promise<Buffer | null> {
    while (this.#pending.length === 0) {
      if (this.#ended) return null;
      await waitIn(this.#waiting, signal);
    }
    return this.#takePending();
  }

  /** Puts keys back that a line editor has read past the end of its line. */
  unreadKeys(keys: Buffer): void {
    if (keys.length === 0) return;
    this.#pending.unshift(keys);
    this.#pendingBytes += keys.length;
  }

  #takePending(): Buffer {
    const chunk = this.#pending.shift()!;
    this.#pendingBytes -= chunk.length;
    return chunk;
  }

  async #readLine(signal?: AbortSignal): Promise<Buffer | null> {
    for (;;) {
      const pushedBack = this.#pushedBack.pop();
      if (pushedBack !== undefined) return pushedBack;
      while (this.#pending.length > 0) {
        const chunk = this.#takePending();
        for (let at = 0; at < chunk.length; at++) {
          const line = this.#takeByte(chunk[at]!);
          if (line === undefined) continue;
          this.unreadKeys(chunk.subarray(at + 1));
          return line.length === 0 ? null : line;
        }
      }
      if (this.#ended) return null;
      await waitIn(this.#waiting, signal);
    }
  }

  /** A finished line (empty: end of file), or undefined while it goes on. */
  #takeByte(byte: number): Buffer | undefined {
    switch (byte) {
      case RETURN:
      case NEWLINE:
        this.#line.push(NEWLINE);
        this.#echo("\r\n");
        return this.#finishLine();
      case CONTROL.d:
        return this.#finishLine();
      case CONTROL.delete:
      case CONTROL.backspace:
        this.#erase(1);
        return undefined;
      case CONTROL.u:
        this.#erase(this.#line.length);
        return undefined;
      case CONTROL.w:
        this.#erase(wordLength(this.#line));
        return undefined;
      default:
        if (this.#line.length < MAX_LINE_BYTES) {
          this.#line.push(byte);
          this.#echo(
            byte < 0x20 && byte !== 0x09 ? `^${String.fromCharCode(byte + 64)}` : Buffer.from([byte]),
          );
        }
        return undefined;
    }
  }

  #finishLine(): Buffer {
    const line = Buffer.from(this.#line);
    this.#line = [];
    return line;
  }

  #erase(bytes: number): void {
    for (let left = bytes; left > 0 && this.#line.length > 0; left--) {
      let removed = this.#line.pop()!;
      while ((removed & 0xc0) === 0x80 && this.#line.length > 0) removed = this.#line.pop()!;
      this.#echo("\b \b");
    }
  }

  #interrupt(signal: number): void {
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#line = [];
    this.#pushedBack = [];
    this.#echo(signal === 2 ? "^C\r\n" : "^\\\r\n");
    this.onSignal?.(signal);
  }

  #echo(text: string | Buffer): void {
    if (!this.echo && text !== "\r\n") return;
    this.#output.write(Buffer.from(text)).catch(() => undefined);
  }

  async #write(bytes: Buffer, signal?: AbortSignal): Promise<void> {
    await this.#output.write(withCarriageReturns(bytes), signal);
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resume of waiting) resume();
  }
}

function wordLength(line: number[]): number {
  let at = line.length;
  while (at > 0 && line[at - 1] === 0x20) at--;
  while (at > 0 && line[at - 1] !== 0x20) at--;
  return line.length - at;
}

function withCarriageReturns(bytes: Buffer): Buffer {
  if (!bytes.includes(NEWLINE)) return bytes;
  let lines = 0;
  for (const byte of bytes) if (byte === NEWLINE) lines++;
  const result = Buffer.allocUnsafe(bytes.length + lines);
  let at = 0;
  for (const byte of bytes) {
    if (byte === NEWLINE) result[at++] = RETURN;
    result[at++] = byte;
  }
  return result;
}
