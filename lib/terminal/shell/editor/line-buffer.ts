import { characterWidth } from "./character-width.ts";

/** In UTF-16 units. Whatever is inserted, yanked or completed: a line, which is held and drawn in the gateway's own process, grows no longer. */
const MOST_CHARACTERS = 16 * 1024;

/** The line that is being typed, and the cursor in it (an offset in UTF-16 units, never within a character). */
export class LineBuffer {
  text = "";
  cursor = 0;
  #killed = "";

  set(text: string, cursor = text.length): void {
    this.text = text;
    this.cursor = cursor;
  }

  /** False where the line would be too long: then it stays as it is. */
  insert(text: string): boolean {
    return this.replaceBefore(this.cursor, text);
  }

  /** Puts `text` where there is what stands from `from` to the cursor; false as {@link insert}. */
  replaceBefore(from: number, text: string): boolean {
    const replaced = this.text.slice(0, from) + text + this.text.slice(this.cursor);
    if (replaced.length > MOST_CHARACTERS) return false;
    this.set(replaced, from + text.length);
    return true;
  }

  /** Deletes up to `to`, and keeps what is killed for {@link yank}. */
  #remove(to: number, kill: boolean): void {
    const [from, end] = to < this.cursor ? [to, this.cursor] : [this.cursor, to];
    if (kill && end > from) this.#killed = this.text.slice(from, end);
    this.text = this.text.slice(0, from) + this.text.slice(end);
    this.cursor = from;
  }

  /** False as {@link insert}. */
  yank(): boolean {
    return this.insert(this.#killed);
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
