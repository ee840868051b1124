/** What prompts end with: of shells, databases, interpreters. */
const PROMPT_END = /[#$%>❯➜»]\s{0,2}$/;
const MOST_PROMPT = 200;
/** A prompt that needs no waiting to be known for one: `user@host:~$ `, `bash-5.1# `, `/srv # `. */
const KNOWN_PROMPT =
  /^(?:\([\w.-]{1,40}\) )?(?:\[?[\w.-]{1,64}@[\w.-]{1,128}[ :][^#$%]{0,120}[#$%]|(?:ba|z|a|da|k)?sh-\d[\w.]{0,12}[#$%]|[~/][\w/.-]{0,120} [#$])\s/;
/** Prompts of one or two characters begin too many lines of other kinds. */
const LEAST_REMEMBERED = 2;
const MOST_REMEMBERED = 16;

/**
 * Tells command lines from other lines by what is shown alone. A prompt is what stood before the cursor when the output stopped, and looks like one
 * or came with the mode that shells read a line in (bracketed paste); a line that begins with a prompt and goes on is a command.
 */
export class Prompts {
  #waiting: string | null = null;
  readonly #known = new Set<string>();

  /** The output stops: `before` is the line up to the cursor. `reads`: a shell said that it reads a line now. */
  stop(before: string, { reads }: { reads: boolean }): void {
    if (before.trim() === "" || before.length > MOST_PROMPT) return;
    if (reads || PROMPT_END.test(before)) this.#waiting = before;
  }

  /** How many characters of a line are a prompt; 0 where it is no command line. */
  promptOf(line: string): number {
    const length = this.#promptLength(line);
    return line.slice(length).trim() === "" ? 0 : length;
  }

  /** The same of a line that is finished. */
  take(line: string): number {
    const length = this.promptOf(line);
    this.#waiting = null;
    if (length > 0) this.#remember(line.slice(0, length));
    return length;
  }

  #promptLength(line: string): number {
    // A prompt's last blank is not there where nothing follows.
    if (this.#waiting !== null && line.startsWith(this.#waiting)) return this.#waiting.length;
    const known = [...this.#known].find((prompt) => line.startsWith(prompt));
    return known?.length ?? KNOWN_PROMPT.exec(line)?.[0].length ?? 0;
  }

  #remember(prompt: string): void {
    if (prompt.replaceAll(/\s/g, "").length < LEAST_REMEMBERED) return;
    this.#known.delete(prompt);
    this.#known.add(prompt);
    if (this.#known.size > MOST_REMEMBERED) this.#known.delete(this.#known.values().next().value!);
  }
}
