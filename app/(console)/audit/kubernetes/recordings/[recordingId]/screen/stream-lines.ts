import type { PlaybackSegment, SegmentEvent } from "../../../../../../../lib/recordings/playback/schema.ts";
import type { PlayerScreen } from "../player/player.ts";

/** A line of what a session without a terminal put out. `stream` is null for lines from before the part that is played. */
export interface StreamLine {
  id: number;
  stream: "stdout" | "stderr" | null;
  atMs: number;
  text: string;
  /** It may go on. */
  open: boolean;
}

/** Lines that are drawn together. One that is full is never changed again. */
export interface StreamBlock {
  id: number;
  lines: readonly StreamLine[];
}

const BLOCK_LINES = 100;
/** What is above that is reached by going back in time. */
const MOST_BLOCKS = 40;
const LONGEST_LINE = 20_000;

/** The lines of stdout and stderr, in the order in which they came, told apart. */
export class StreamLines implements PlayerScreen {
  private blocks: readonly StreamBlock[] = [];
  private readonly listeners = new Set<() => void>();
  private nextId = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly current = (): readonly StreamBlock[] => this.blocks;

  async show(snapshot: PlaybackSegment["snapshot"], events: readonly SegmentEvent[]): Promise<void> {
    this.blocks = [];
    const lines = this.openLines();
    this.append(lines, null, 0, snapshot.init);
    this.addTo(lines, events);
  }

  async add(events: readonly SegmentEvent[]): Promise<void> {
    this.addTo(this.openLines(), events);
  }

  private addTo(lines: StreamLine[], events: readonly SegmentEvent[]): void {
    for (const [atMs, code, data] of events) {
      if (code === "o") this.append(lines, "stdout", atMs, data);
      if (code === "e") this.append(lines, "stderr", atMs, data);
    }
    this.keep(lines);
    for (const listener of this.listeners) listener();
  }

  /** The lines of the last block, which is made anew of them and of what is added. */
  private openLines(): StreamLine[] {
    const last = this.blocks.at(-1);
    if (!last || last.lines.length >= BLOCK_LINES) return [];
    this.blocks = this.blocks.slice(0, -1);
    return [...last.lines];
  }

  private append(lines: StreamLine[], stream: StreamLine["stream"], atMs: number, data: string): void {
    const parts = data.split("\n");
    for (const [at, part] of parts.entries()) {
      const open = at === parts.length - 1;
      if (open && part === "") continue;
      const last = lines.at(-1);
      if (last?.open && last.stream === stream) {
        lines[lines.length - 1] = { ...last, text: cut(last.text + part), open };
      } else {
        if (last?.open) lines[lines.length - 1] = { ...last, open: false };
        lines.push({ id: this.nextId++, stream, atMs, text: cut(part), open });
      }
    }
  }

  private keep(lines: readonly StreamLine[]): void {
    const made: StreamBlock[] = [];
    for (let from = 0; from < lines.length; from += BLOCK_LINES) {
      const part = lines.slice(from, from + BLOCK_LINES);
      made.push({ id: part[0]?.id ?? 0, lines: part });
    }
    this.blocks = [...this.blocks, ...made].slice(-MOST_BLOCKS);
  }
}

const cut = (text: string) => (text.length > LONGEST_LINE ? text.slice(0, LONGEST_LINE) : text);

const ESC = String.fromCharCode(0x1b);
const BEL = String.fromCharCode(0x07);
/** CSI, OSC and two-character escape sequences (ECMA-48, 5.3 to 5.6), and other control characters but the tabulator. */
const CONTROLS = new RegExp(
  `${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)?|[ -/]*[0-~])|(?!\\t)\\p{Cc}`,
  "gu",
);

/** A line as it is read: without what would colour or move it on a terminal; of what overwrote itself, the last. */
export function readableLine(text: string): string {
  let end = text.length;
  while (text[end - 1] === "\r") end--;
  const written = text.slice(0, end);
  return written.slice(written.lastIndexOf("\r") + 1).replace(CONTROLS, "");
}
