import type {
  PlaybackIndex,
  PlaybackSegment,
  SegmentEvent,
} from "../../../../../../../lib/recordings/playback/schema.ts";
import { lastAtOrBefore, skipIdleAt } from "./places.ts";
import type { SegmentSource } from "./segment-source.ts";

/** What shows a session: a terminal, or the lines of its streams. */
export interface PlayerScreen {
  /** Shows a part's first screen and what happened from there on; resolves when it is shown. */
  show(snapshot: PlaybackSegment["snapshot"], events: readonly SegmentEvent[]): Promise<void>;
  /** Shows what happens next; resolves when it is shown. */
  add(events: readonly SegmentEvent[]): Promise<void>;
}

export const SPEEDS = [0.5, 1, 2, 4, 8, 16] as const;

export interface PlayerState {
  positionMs: number;
  playing: boolean;
  speed: number;
  skipIdle: boolean;
  /** The screen is not yet that of the position. */
  waiting: boolean;
  /** Why the screen of the position could not be had; null while it could. */
  problem: string | null;
}

/** More than this between two frames was no playing: the tab was hidden, or the machine slept. */
const LONGEST_FRAME_MS = 100;

/**
 * Plays a recording on a screen: one thing at a time, the newest wish first. Memory is bounded by the segments that the source keeps.
 */
export class Player {
  private readonly index: PlaybackIndex;
  private readonly source: SegmentSource;
  private readonly screen: PlayerScreen;
  private readonly nextFrame: () => Promise<number>;
  private readonly listeners = new Set<() => void>();
  private state: PlayerState = {
    positionMs: 0,
    playing: false,
    speed: 1,
    skipIdle: true,
    waiting: true,
    problem: null,
  };
  /** What the screen shows: the first `next` events of the segment at `place`. */
  private shown: { place: number; next: number } | null = null;
  private wanted: number | null = null;
  private working = false;
  private closed = false;
  private lastFrameAt: number | null = null;

  constructor({
    index,
    source,
    screen,
    nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve)),
  }: {
    index: PlaybackIndex;
    source: SegmentSource;
    screen: PlayerScreen;
    nextFrame?: () => Promise<number>;
  }) {
    this.index = index;
    this.source = source;
    this.screen = screen;
    this.nextFrame = nextFrame;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly current = (): PlayerState => this.state;

  close(): void {
    this.closed = true;
    this.listeners.clear();
  }

  play(): void {
    const atEnd = this.state.positionMs >= this.index.durationMs;
    this.lastFrameAt = null;
    this.set({ playing: true, problem: null });
    if (atEnd) this.seek(0);
    else void this.work();
  }

  pause(): void {
    this.set({ playing: false });
  }

  toggle(): void {
    if (this.state.playing) this.pause();
    else this.play();
  }

  /** Goes to a moment; the nearest there is. Where another is wished for meanwhile, that one alone. */
  seek(atMs: number): void {
    const positionMs = Math.min(this.index.durationMs, Math.max(0, Math.round(atMs)));
    this.wanted = positionMs;
    this.set({ positionMs, waiting: true, problem: null });
    void this.work();
  }

  seekBy(milliseconds: number): void {
    this.seek(this.state.positionMs + milliseconds);
  }

  setSpeed(speed: number): void {
    this.set({ speed });
  }

  /** The next faster speed (1), or the next slower (-1); the last one there is stays. */
  stepSpeed(direction: 1 | -1): void {
    const { speed } = this.state;
    this.set({ speed: SPEEDS[(SPEEDS as readonly number[]).indexOf(speed) + direction] ?? speed });
  }

  setSkipIdle(skipIdle: boolean): void {
    this.set({ skipIdle });
  }

  private set(change: Partial<PlayerState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    try {
      while (!this.closed && (this.wanted !== null || this.state.playing)) {
        await this.step();
      }
    } finally {
      this.working = false;
    }
  }

  private async step(): Promise<void> {
    const { wanted } = this;
    try {
      if (wanted !== null) await this.goToWanted();
      else await this.playFrame();
    } catch (error) {
      this.shown = null;
      // Of a moment that nobody wishes for any more there is nothing to say.
      if (this.closed || this.wanted !== wanted) return;
      this.wanted = null;
      this.set({
        playing: false,
        waiting: false,
        problem: error instanceof Error ? error.message : String(error),
      });
    }
  }

  private async goToWanted(): Promise<void> {
    const atMs = this.wanted ?? 0;
    await this.goTo(atMs);
    if (this.wanted !== atMs) return;
    this.wanted = null;
    this.lastFrameAt = null;
    this.set({ waiting: false });
  }

  private async playFrame(): Promise<void> {
    const now = await this.nextFrame();
    const passed = this.lastFrameAt === null ? 0 : Math.min(now - this.lastFrameAt, LONGEST_FRAME_MS);
    this.lastFrameAt = now;
    const { playing, positionMs, speed, skipIdle } = this.state;
    if (this.closed || !playing || this.wanted !== null) return;
    const next = positionMs + passed * speed;
    const atMs = Math.min(this.index.durationMs, skipIdle ? skipIdleAt(this.index.idle, next) : next);
    await this.goTo(atMs);
    if (this.wanted !== null) return;
    const ended = atMs >= this.index.durationMs;
    this.set({ positionMs: atMs, playing: this.state.playing && !ended, waiting: false });
  }

  /** Brings the screen to a moment: on from where it is where that is near, else from the keyframe before it. */
  private async goTo(atMs: number): Promise<void> {
    const place = this.placeOf(atMs);
    const { shown } = this;
    const isNext = shown !== null && place === shown.place + 1 && this.wanted === null;
    const segment = await this.source.load(place);
    this.source.prefetch(place + 1);
    const until = lastAtOrBefore(segment.events, atMs, ([at]) => at) + 1;
    if (this.isOutdated(atMs)) return;
    if (shown !== null && place === shown.place && until >= shown.next) {
      await this.screen.add(segment.events.slice(shown.next, until));
    } else if (isNext) {
      const before = await this.source.load(shown.place);
      await this.screen.add([...before.events.slice(shown.next), ...segment.events.slice(0, until)]);
    } else {
      await this.screen.show(segment.snapshot, segment.events.slice(0, until));
    }
    this.shown = { place, next: until };
  }

  /** Somebody wishes for another moment than this one meanwhile. */
  private isOutdated(atMs: number): boolean {
    return this.closed || (this.wanted !== null && this.wanted !== atMs);
  }

  private placeOf(atMs: number): number {
    return Math.max(
      0,
      lastAtOrBefore(this.index.segments, atMs, ({ startMs }) => startMs),
    );
  }
}
