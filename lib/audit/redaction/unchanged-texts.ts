import { detachedText } from "../../detached-text.ts";

/** Names and commands, hardly messages. */
const MAX_LENGTH = 128;
const MOST_OF_GENERATION = 2_048;
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Texts in which nothing had to be redacted, the latest few thousand: what is on the record over and over again is not searched for secrets each time.
 * Nothing that held a secret is ever among them, nor what is longer than a name.
 */
export class UnchangedTexts {
  #young = new Set<string>();
  #old = new Set<string>();

  has(text: string): boolean {
    if (text.length > MAX_LENGTH) return false;
    if (this.#young.has(text)) return true;
    if (!this.#old.has(text)) return false;
    this.add(text);
    return true;
  }

  add(text: string): void {
    if (text.length > MAX_LENGTH || !PLAIN.test(text)) return;
    if (this.#young.size >= MOST_OF_GENERATION) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(detachedText(text));
  }
}
