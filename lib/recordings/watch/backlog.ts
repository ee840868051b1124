import { sizeMessage, type TerminalSize, type WatchMessage } from "./messages.ts";

/** What whoever comes to watch is shown first, at most, in bytes of output. */
export const BACKLOG_BYTES = 2 * 2 ** 20;
/** As messages it is longer: a byte of control is six characters of JSON. */
const MOST_MESSAGE_BYTES = 3 * BACKLOG_BYTES;

/** The last of what a session showed, with the size of its terminal where that begins. */
export class Backlog {
  #messages: WatchMessage[] = [];
  #size: TerminalSize;
  #outputBytes = 0;
  #messageBytes = 0;

  constructor(size: TerminalSize) {
    this.#size = size;
  }

  add(message: WatchMessage): void {
    this.#messages.push(message);
    this.#outputBytes += message.outputBytes;
    this.#messageBytes += message.bytes.length;
    while (
      this.#messages.length > 0 &&
      (this.#outputBytes > BACKLOG_BYTES || this.#messageBytes > MOST_MESSAGE_BYTES)
    )
      this.#forgetFirst();
  }

  /** What somebody who comes now is sent first. */
  start(): Uint8Array[] {
    return [sizeMessage(this.#size), ...this.#messages.map(({ bytes }) => bytes)];
  }

  #forgetFirst(): void {
    const first = this.#messages.shift();
    if (first === undefined) return;
    this.#outputBytes -= first.outputBytes;
    this.#messageBytes -= first.bytes.length;
    this.#size = first.size ?? this.#size;
  }
}
