import { TEXT_KIND, type TextKind } from "../../../audit/columns/recordings/values/schema.ts";
import { boundedText, storableText } from "../../../audit/store/stored-text.ts";

/** What a recording is found by: see `recording_text` in prisma/schema. */
export interface TextBlock {
  seq: number;
  atMs: number;
  kind: TextKind;
  text: string;
  /** When each line of the text was there, milliseconds since `atMs`. */
  lineMs: number[];
}

const BLOCK_CHARACTERS = 4_000;
/** Times within a block are small numbers. */
const MOST_BLOCK_MS = 3_600_000;
/** Longer lines become several. */
const LINE_CHARACTERS = 2_000;
/** A command is a row of its own, short enough for the index that holds it whole. */
const MOST_COMMAND_BYTES = 1_024;
/** Of one recording's output; whatever is beyond is played all the same. */
const MOST_OUTPUT_CHARACTERS = 64 * 1024 * 1024;
const MOST_COMMANDS = 20_000;

/** Gathers lines into blocks, each large enough to cost little, and small enough to be looked through. */
export class TextBlocks {
  readonly #ready: TextBlock[] = [];
  readonly #seqs = { [TEXT_KIND.command]: 0, [TEXT_KIND.output]: 0 };
  #lines: string[] = [];
  #times: number[] = [];
  #characters = 0;
  #total = 0;

  line(text: string, atMs: number): void {
    for (let at = 0; at < text.length; at += LINE_CHARACTERS)
      this.#add(text.slice(at, at + LINE_CHARACTERS), atMs);
  }

  #add(text: string, atMs: number): void {
    if (this.#total > MOST_OUTPUT_CHARACTERS) return;
    if (atMs - (this.#times[0] ?? atMs) > MOST_BLOCK_MS) this.#close();
    const line = withoutControls(text);
    this.#lines.push(line);
    this.#times.push(atMs);
    this.#characters += line.length + 1;
    this.#total += line.length + 1;
    if (this.#characters >= BLOCK_CHARACTERS) this.#close();
  }

  command(text: string, atMs: number): void {
    if (this.#seqs[TEXT_KIND.command] >= MOST_COMMANDS) return;
    const block = {
      atMs,
      kind: TEXT_KIND.command,
      text: boundedText(withoutControls(text), MOST_COMMAND_BYTES),
      lineMs: [0],
    };
    this.#ready.push({ ...block, seq: this.#seqs[TEXT_KIND.command]++ });
  }

  /** The blocks that are whole; at the `end` all. */
  take({ end = false } = {}): TextBlock[] {
    if (end && this.#lines.length > 0) this.#close();
    return this.#ready.splice(0);
  }

  leftOut(): string[] {
    const lists: [boolean, string][] = [
      [
        this.#total > MOST_OUTPUT_CHARACTERS,
        "text beyond the first 64 MB: it is played, and not found by a search",
      ],
      [
        this.#seqs[TEXT_KIND.command] >= MOST_COMMANDS,
        `commands beyond the first ${MOST_COMMANDS}: they are played, and not found by a search`,
      ],
    ];
    return lists.flatMap(([left, words]) => (left ? words : []));
  }

  #close(): void {
    const atMs = this.#times[0]!;
    const lineMs = this.#times.map((time) => time - atMs);
    const seq = this.#seqs[TEXT_KIND.output]++;
    this.#ready.push({ seq, atMs, kind: TEXT_KIND.output, text: this.#lines.join("\n"), lineMs });
    this.#lines = [];
    this.#times = [];
    this.#characters = 0;
  }
}

/** One line of text that PostgreSQL takes. */
const withoutControls = (text: string): string => storableText(text.replaceAll(/\p{Cc}+/gu, " "));
