import type { PlaybackIndex, PlaybackSegment, SegmentEvent } from "../schema.ts";
import type { ScreenSize } from "../screen/screen-size.ts";
import type { WrittenSegment } from "./render-sink.ts";

/** Characters of a segment, until there are many. */
const TARGET = 256 * 1024;
/** After so many segments the next are twice as large: an index stays small. */
const SEGMENTS_OF_A_SIZE = 1_000;
const MOST_DOUBLINGS = 4;
/** A screen that is never at rest is taken as it is after so many targets: a player is right again at the next clear. */
const TARGETS_TO_WAIT = 4;
/** What an event takes beside its data. */
const EVENT_OVERHEAD = 24;

interface SegmentsInput {
  size: ScreenSize;
  /** The screen as it is; null where it is not at rest. */
  keyframe(options: { anyway: boolean }): string | null;
  screenSize(): ScreenSize;
  write(segment: WrittenSegment): Promise<void>;
}

/** Cuts a recording into segments: each begins with the screen as it is then, and strictly later than what came before. */
export class Segments {
  readonly #input: SegmentsInput;
  readonly #starts: number[] = [];
  #content: PlaybackSegment;
  #size = 0;
  #startMs = 0;
  #lastMs = 0;

  constructor(input: SegmentsInput) {
    this.#input = input;
    this.#content = { snapshot: { ...input.size, init: "" }, events: [] };
  }

  /** Before the screen takes an event: whether a new segment begins with it. */
  async before(atMs: number): Promise<void> {
    const target = TARGET << Math.min(Math.floor(this.#starts.length / SEGMENTS_OF_A_SIZE), MOST_DOUBLINGS);
    if (this.#size < target || atMs <= this.#lastMs) return;
    const init = this.#input.keyframe({ anyway: this.#size > target * TARGETS_TO_WAIT });
    if (init === null) return;
    await this.#write();
    this.#content = { snapshot: { ...this.#input.screenSize(), init }, events: [] };
    this.#size = 0;
    this.#startMs = atMs;
  }

  add(event: SegmentEvent): void {
    this.#content.events.push(event);
    this.#size += event[2].length + EVENT_OVERHEAD;
    this.#lastMs = event[0];
  }

  /** A size that is told before anything was shown is the recording's first. */
  begin(size: ScreenSize): void {
    this.#content.snapshot = { ...size, init: "" };
  }

  async finish(durationMs: number): Promise<PlaybackIndex["segments"]> {
    await this.#write();
    return this.#starts.map((startMs, seq) => {
      return { seq, startMs, endMs: this.#starts[seq + 1] ?? Math.max(durationMs, startMs) };
    });
  }

  async #write(): Promise<void> {
    await this.#input.write({ seq: this.#starts.length, startMs: this.#startMs, content: this.#content });
    this.#starts.push(this.#startMs);
  }
}
