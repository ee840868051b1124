/** A place in a text. */
export class TextCursor {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** The character here, or an empty string at the end. */
  peek(ahead = 0): string {
    return this.text[this.position + ahead] ?? "";
  }

  next(): string {
    return this.text[this.position++] ?? "";
  }

  startsWith(prefix: string): boolean {
    return this.text.startsWith(prefix, this.position);
  }

  /** Passes over `prefix` if it is here. */
  take(prefix: string): boolean {
    if (!this.startsWith(prefix)) return false;
    this.position += prefix.length;
    return true;
  }

  /** Passes over what a sticky regular expression matches here, and returns it. */
  takeMatch(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text)?.[0] ?? "";
    this.position += match.length;
    return match;
  }
}
