import { boundedText } from "../../../audit/store/stored-text.ts";
import type { PlaybackMarker } from "../schema.ts";
import { TypedLines } from "./typed-lines.ts";

const MOST_LABEL_BYTES = 512;
/** How long what was typed may take to be echoed. */
const ECHO_MS = 3_000;
const MOST_WAITING = 100;

interface CommandMarkersInput {
  tty: boolean;
  /** The session tells its own command lines: what is seen at its prompts is the same once more. */
  tellsCommands: boolean;
  /** Takes the secrets out of a command line. */
  redact(line: string): string;
  add(marker: PlaybackMarker): void;
}

/**
 * The command lines of a session: seen at prompts, told by the web shell, typed. What was typed and never shown, as a password is, is told without
 * its text.
 */
export class CommandMarkers {
  readonly #input: CommandMarkersInput;
  readonly #typed = new TypedLines();
  #waiting: { atMs: number; text: string }[] = [];

  constructor(input: CommandMarkersInput) {
    this.#input = input;
  }

  /** A line at a prompt. Answers it without its secrets. */
  seen(command: string, atMs: number): string {
    const label = this.#input.redact(command.trim());
    if (!this.#input.tellsCommands) this.#add({ atMs, label, kind: "command" });
    this.#waiting = this.#waiting.filter(({ text }) => !command.includes(text.trim()));
    return label;
  }

  /** A line that is no command line: it may be the echo of what was typed all the same. */
  shown(line: string): void {
    const echoed = this.#waiting.filter(({ text }) => line.includes(text.trim()));
    this.#waiting = this.#waiting.filter((typed) => !echoed.includes(typed));
    for (const { atMs, text } of echoed)
      this.#add({ atMs, label: this.#input.redact(text.trim()), kind: "typed" });
  }

  /** The web shell's own word. */
  told(label: string, atMs: number): void {
    this.#add({ atMs, label, kind: "marker" });
  }

  typed(input: string, atMs: number): void {
    for (const text of this.#typed.push(input)) {
      if (!this.#input.tty) this.#add({ atMs, label: this.#input.redact(text.trim()), kind: "typed" });
      else if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ atMs, text });
    }
  }

  /** Time has passed: what was typed by then and not echoed never will be. */
  pass(nowMs: number): void {
    const [first] = this.#waiting;
    if (!first || nowMs - first.atMs < ECHO_MS) return;
    const over = this.#waiting.filter(({ atMs }) => nowMs - atMs >= ECHO_MS);
    this.#waiting = this.#waiting.filter((typed) => !over.includes(typed));
    for (const { atMs, text } of over) {
      this.#add({ atMs, label: `[${[...text].length} characters that were not shown]`, kind: "typed" });
    }
  }

  #add(marker: PlaybackMarker): void {
    this.#input.add({ ...marker, label: boundedText(marker.label, MOST_LABEL_BYTES) });
  }
}
