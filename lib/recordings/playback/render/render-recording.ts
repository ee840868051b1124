import type { CastEvent } from "../../cast/cast-event.ts";
import { DEFAULT_SIZE } from "../../cast/cast-header.ts";
import type { PlaybackIndex, PlaybackMarker, SegmentEvent } from "../schema.ts";
import { boundedSize, parseSize, type ScreenSize } from "../screen/screen-size.ts";
import { CommandMarkers } from "./command-markers.ts";
import { PlainLines } from "./plain-lines.ts";
import type { RenderSink } from "./render-sink.ts";
import { Segments } from "./segments.ts";
import { SessionIndex } from "./session-index.ts";
import type { ReadingScreen, ShownLine, ShownLines } from "./shown-lines.ts";
import { TerminalLines } from "./terminal-lines.ts";
import { TextBlocks } from "./text-blocks.ts";
import { type AllowedWork, WorkBudget } from "./work-budget.ts";

export interface RenderInput {
  tty: boolean;
  inputRecorded: boolean;
  /** The session tells its own command lines, as the web shell does. */
  tellsCommands: boolean;
  durationMs: number;
  /** As the recording's header has it. */
  size: ScreenSize;
  /** Reads the output as lines, without a terminal. */
  plain?: boolean;
  /** What a terminal may take, where it is not the usual. */
  allowed?: AllowedWork;
  /** In order, some at a time. */
  events: AsyncIterable<CastEvent[]>;
  /** Takes the secrets out of a command line. */
  redact(line: string): string;
  sink: RenderSink;
}

export type RenderedIndex = Omit<PlaybackIndex, "chain">;

export interface Rendered {
  index: RenderedIndex;
  commands: number;
}

/**
 * Makes of a recording what a player and a search need, in one pass and in bounded memory.
 * @throws TooMuchWork where a terminal is not done with its output in any reasonable time; then `plain` is what there is.
 */
export async function renderRecording(input: RenderInput): Promise<Rendered> {
  const rendering = new Rendering(input);
  for await (const events of input.events) await rendering.take(events);
  return rendering.finish();
}

class Rendering implements ShownLines {
  readonly #input: RenderInput;
  readonly #index = new SessionIndex();
  readonly #texts = new TextBlocks();
  readonly #budget: WorkBudget;
  readonly #commands: CommandMarkers;
  readonly #segments: Segments;
  #screen: ReadingScreen;
  #size: ScreenSize;
  #hasOutput = false;
  #lastMs = 0;

  constructor(input: RenderInput) {
    this.#input = input;
    this.#budget = new WorkBudget(input.allowed);
    this.#size = boundedSize(input.size ?? DEFAULT_SIZE);
    this.#screen = this.#newScreen();
    this.#commands = new CommandMarkers({
      tty: input.tty,
      tellsCommands: input.tellsCommands,
      redact: input.redact,
      add: (marker) => this.#addMarker(marker),
    });
    this.#segments = new Segments({
      size: this.#size,
      keyframe: (options) => this.#screen.keyframe(options),
      screenSize: () => this.#screen.size(),
      write: (segment) => input.sink.segment(segment),
    });
  }

  async take(events: CastEvent[]): Promise<void> {
    for (const event of events) {
      await this.#segments.before(event.atMs);
      this.#takeOne(event);
      this.#lastMs = event.atMs;
    }
    const blocks = this.#texts.take();
    if (blocks.length > 0) await this.#input.sink.text(blocks);
  }

  async finish(): Promise<Rendered> {
    const durationMs = Math.max(this.#input.durationMs, this.#lastMs);
    this.#screen.end(this.#lastMs);
    this.#commands.pass(Number.POSITIVE_INFINITY);
    const segments = await this.#segments.finish(durationMs);
    await this.#input.sink.text(this.#texts.take({ end: true }));
    const { leftOut, ...gathered } = this.#index.finish(durationMs);
    const index: RenderedIndex = {
      version: 1,
      durationMs,
      ...this.#size,
      tty: this.#input.tty,
      inputRecorded: this.#input.inputRecorded,
      segments,
      ...gathered,
      leftOut: [...leftOut, ...this.#texts.leftOut()],
    };
    return { index, commands: this.#index.markers.count };
  }

  /** A line was shown: for the search, and as a command where it is one. */
  line({ text, atMs, prompt, entered }: ShownLine): void {
    if (prompt === 0) {
      this.#commands.shown(text);
      this.#texts.line(text, atMs);
      return;
    }
    const command = text.slice(prompt);
    const shown = entered ? this.#commands.seen(command, atMs) : this.#input.redact(command);
    this.#texts.line(text.slice(0, prompt) + shown, atMs);
  }

  #takeOne(event: CastEvent): void {
    const { atMs, code, data } = event;
    this.#commands.pass(atMs);
    switch (code) {
      case "o":
      case "e":
        this.#hasOutput = true;
        this.#index.output(event);
        this.#budget.allow(data.length);
        this.#screen.write(code === "o" ? "stdout" : "stderr", data, atMs);
        break;
      case "r":
        this.#resize(event);
        return;
      case "i":
        this.#commands.typed(data, atMs);
        break;
      case "m":
        this.#commands.told(data, atMs);
        break;
      case "f":
        this.#index.file(event);
        return;
      case "b":
        this.#index.binary(event);
        return;
      case "x":
        break;
    }
    this.#segments.add([atMs, code, data] satisfies SegmentEvent);
  }

  /** A size of no terminal's becomes the nearest that one may have, for the player too. */
  #resize({ atMs, data }: CastEvent): void {
    const size = parseSize(data);
    if (!size) return;
    if (this.#hasOutput) {
      this.#screen.resize(size);
      this.#index.resize(atMs, size);
      this.#segments.add([atMs, "r", `${size.columns}x${size.rows}`]);
      return;
    }
    // Told before anything was shown: that is the size it began with.
    this.#size = size;
    this.#screen = this.#newScreen();
    this.#segments.begin(size);
  }

  #newScreen(): ReadingScreen {
    const { tty, plain } = this.#input;
    return tty && !plain
      ? new TerminalLines(this.#size, { told: this, budget: this.#budget })
      : new PlainLines(this.#size, { told: this });
  }

  #addMarker(marker: PlaybackMarker): void {
    this.#index.markers.add(marker);
    this.#texts.command(marker.label, marker.atMs);
  }
}
