import type { ShellHost } from "./shell-host.ts";

/** Writes text to the person's terminal: line ends as a terminal wants them, and no faster than it takes them. */
export class TerminalOutput {
  readonly #host: ShellHost;
  #afterReturn = false;

  constructor(host: ShellHost) {
    this.#host = host;
  }

  /** Bytes as they are: from a pseudo terminal, or with their line ends done. */
  raw(data: Uint8Array): void {
    this.#host.write(data);
  }

  text(text: string): void {
    this.#host.write(Buffer.from(text));
  }

  /** Output of a program without a terminal: each LF becomes CR LF. Waits where the terminal is slow. */
  async lines(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    this.#host.write(this.#withReturns(bytes));
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
