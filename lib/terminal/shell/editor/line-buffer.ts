import { characterWidth } from "./character-width.ts";

/** The line that is being typed, and the cursor in it (an offset in UTF-16 units, never within a character). */
export class LineBuffer {
  text = "";
  cursor = 0;
  #killed = "";

  set(text: string, cursor = text.length): void {
    this.text = text;
    this.cursor = cursor;
  }

  insert(text: string): void {
    this.text = this.text.slice(0, this.cursor) + text + this.text.slice(this.cursor);
    this.cursor += text.length;
  }

  /** Deletes up to `to`, and keeps what is killed for {@link yank}. */
  #remove(to: number, kill: boolean): void {
    const [from, end] = to < this.cursor ? [to, this.cursor] : [this.cursor, to];
    if (kill && end > from) this.#killed = this.text.slice(from, end);
    this.text = this.text.slice(0, from) + this.text.slice(end);
    this.cursor = from;
  }

  yank(): void {
    this.insert(this.#killed);
  }

  left(): void {
    this.cursor = this.#before();
  }

  right(): void {
    this.cursor = this.#after();
  }

  home(): void {
    this.cursor = 0;
  }

  end(): void {
    this.cursor = this.text.length;
  }

  wordLeft(): void {
    this.cursor = wordStart(this.text, this.cursor, /[\p{L}\p{N}]/u);
  }

  wordRight(): void {
    const rest = /^[^\p{L}\p{N}]*[\p{L}\p{N}]*/u.exec(this.text.slice(this.cursor))![0];
    this.cursor += rest.length;
  }

  backspace(): void {
    this.#remove(this.#before(), false);
  }

  delete(): void {
    this.#remove(this.#after(), false);
  }

  killToEnd(): void {
    this.#remove(this.text.length, true);
  }

  killToStart(): void {
    this.#remove(0, true);
  }

  /** Ctrl-W: back to the blank before the word. */
  killBlankWord(): void {
    this.#remove(wordStart(this.text, this.cursor, /\S/u), true);
  }

  killWordLeft(): void {
    this.#remove(wordStart(this.text, this.cursor, /[\p{L}\p{N}]/u), true);
  }

  killWordRight(): void {
    const from = this.cursor;
    this.wordRight();
    const to = this.cursor;
    this.cursor = from;
    this.#remove(to, true);
  }

  #before(): number {
    let at = this.cursor;
    while (at > 0) {
      at -= at > 1 && isLowSurrogate(this.text, at - 1) ? 2 : 1;
      if (characterWidth(this.text.codePointAt(at)!) > 0) break;
    }
    return at;
  }

  #after(): number {
    let at = this.cursor;
    const next = () => {
      at += this.text.codePointAt(at)! > 0xffff ? 2 : 1;
    };
    if (at < this.text.length) next();
    while (at < this.text.length && characterWidth(this.text.codePointAt(at)!) === 0) next();
    return at;
  }
}

const isLowSurrogate = (text: string, at: number) => (text.charCodeAt(at) & 0xfc00) === 0xdc00;

function wordStart(text: string, from: number, letter: RegExp): number {
  let at = from;
  while (at > 0 && !letter.test(text[at - 1]!)) at--;
  while (at > 0 && letter.test(text[at - 1]!)) at--;
  return at;
}
