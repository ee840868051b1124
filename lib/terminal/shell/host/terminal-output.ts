import type { ShellHost } from "./shell-host.ts";

const LOOKED_AT = 256;
const HOME = "\x1b[H";
/** What moves the cursor is not looked into: it is mostly full-screen programs, which clean up behind them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC begins each sequence
const SEQUENCE = /\x1b\[[0-?]*[ -/]*[@-~]/g;

/** Writes text to the person's terminal: line ends as a terminal wants them, and no faster than it takes them. */
export class TerminalOutput {
  readonly #host: ShellHost;
  #afterReturn = false;
  /** Whether the cursor is, as far as the last bytes tell, at the start of a line. */
  #atStart = true;

  constructor(host: ShellHost) {
    this.#host = host;
  }

  /** Bytes as they are: from a pseudo terminal, or with their line ends done. */
  raw(data: Uint8Array): void {
    this.#write(data);
  }

  text(text: string): void {
    this.#write(Buffer.from(text));
  }

  /** Begins a new line where a program left one without an end, so that a prompt does not hide it. */
  freshLine(): void {
    if (!this.#atStart) this.text("\r\n");
  }

  #write(data: Uint8Array): void {
    this.#note(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    this.#host.write(data);
  }

  #note(data: Buffer): void {
    const tail = data.toString("latin1", Math.max(0, data.length - LOOKED_AT));
    const shown = tail.replaceAll(SEQUENCE, "");
    if (shown !== "") this.#atStart = /[\r\n]$/.test(shown);
    else if (tail.includes(HOME)) this.#atStart = true;
  }

  /** Output of a program without a terminal: each LF becomes CR LF. Waits where the terminal is slow. */
  async lines(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    this.#write(this.#withReturns(bytes));
    await this.#host.room();
  }

  #withReturns(bytes: Uint8Array): Uint8Array {
    const ends = bytes.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0);
    const out = Buffer.allocUnsafe(bytes.length + ends);
    let at = 0;
    for (const byte of bytes) {
      if (byte === 10 && !this.#afterReturn) out[at++] = 13;
      out[at++] = byte;
      this.#afterReturn = byte === 13;
    }
    return out.subarray(0, at);
  }
}
