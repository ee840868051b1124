import type { FrameType } from "./frame.ts";
import type { Chunk } from "./frame-buffer.ts";
import type { HeldIntent } from "./held-intents.ts";

/** What an entry waits for: its own flush; that of its call's intent, and its own write; its own write. */
export type Until = "flushed" | "intended" | "written";

/** Told once: with the position after the entry, or why it is not on the record. */
export type Told = (error: Error | null, position: number) => void;

export interface TurnFrame {
  type: FrameType;
  /** Bytes of the turn up to its end. */
  end: number;
  /** That it writes or closes; of another entry, that of its call. */
  intent: HeldIntent | null;
  until: Until;
  told: Told | null;
}

type DurableListener = (error: Error | null) => void;

/** The frames of one turn of the event loop, which are written together and become durable together, or fail together. */
export class Turn {
  frames: TurnFrame[] = [];
  /** Its number in the order of writes, of 32 bits that wrap; null until it is written. */
  number: number | null = null;
  /** Position of its first byte, and after its last, once it is written. */
  start = 0;
  end = Number.POSITIVE_INFINITY;
  /** Its bytes, from its write until it is settled. */
  bytes: Buffer | null = null;
  chunk: Chunk | null = null;
  /** Whether it is to be flushed at once, and whether somebody is to be told. */
  isUrgent = false;
  isWatched = false;
  readonly #onUrged: (turn: Turn) => void;
  #isSettled = false;
  #error: Error | null = null;
  #listeners: DurableListener[] = [];

  /** `onUrged` is called when it becomes urgent, or watched. */
  constructor(onUrged: (turn: Turn) => void) {
    this.#onUrged = onUrged;
  }

  get isDurable(): boolean {
    return this.#isSettled && this.#error === null;
  }

  /** Calls when it is on the disk or never will be; at once where that is known. */
  whenSettled(listener: DurableListener): void {
    if (this.#isSettled) {
      listener(this.#error);
      return;
    }
    this.#listeners.push(listener);
    this.watch();
  }

  /** It is flushed as soon as it can be. */
  urge(): void {
    if (this.isUrgent) return;
    this.isUrgent = true;
    this.#onUrged(this);
  }

  /** It is flushed as soon as it can be, and settled at once then. */
  watch(): void {
    if (this.isWatched) return;
    this.isWatched = true;
    this.isUrgent = true;
    this.#onUrged(this);
  }

  /** Tells whoever waits; of its frames those that were not told yet. */
  settle(error: Error | null): void {
    this.#isSettled = true;
    this.#error = error;
    for (const frame of this.frames) this.tell(frame, error);
    for (const listener of this.#listeners) guarded(() => listener(error));
    // An intent, which may be held for days, holds its turn.
    this.frames = [];
    this.#listeners = [];
    this.bytes = null;
    this.chunk = null;
  }

  tell(frame: TurnFrame, error: Error | null): void {
    const { told } = frame;
    if (told === null) return;
    frame.told = null;
    guarded(() => told(error, this.start + frame.end));
  }
}

/** A listener that throws is a fault of its own, which the process hears of; the others are told all the same. */
function guarded(run: () => void): void {
  try {
    run();
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}
