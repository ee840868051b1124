import { isReached } from "./flush-protocol.ts";
import { Flusher } from "./flusher.ts";
import type { Turn } from "./turn.ts";

/** What nobody waits for is flushed this much later at most, with all that came meanwhile. */
const LAZY_MS = 10;
/** What was asked for is looked for by itself so often, though the flush thread says when it is there. */
const LOOK_AGAIN_MS = 100;
/** What waits is in memory too: with so much of it no calls are taken. */
const MAX_BYTES = 32 * 2 ** 20;

export interface TurnQueueOptions {
  /** The journal's folder. */
  directory: string;
  /** Called now and then: look whether turns are on the disk. */
  onFlushed: () => void;
  /** A flush failed: what waits is not on the disk and will not be. */
  onFailed: (error: Error) => void;
}

/** The turns that are written but not on the disk yet, in order, and when the disk is asked for them. */
export class TurnQueue {
  readonly #flusher: Flusher;
  #turns: Turn[] = [];
  #lastNumber = 0;
  #asked = 0;
  #bytes = 0;
  /** Frames that no flush was asked for yet. */
  #unasked = 0;
  #lazy: NodeJS.Timeout | null = null;
  /** The last one that was asked for lazily: nobody waits for it, and it is to be noticed all the same though no other follows. */
  #lazilyAsked = 0;
  #hasFailed = false;
  #lookAgain: NodeJS.Timeout | null = null;
  readonly #onFlushed: () => void;

  constructor({ directory, onFlushed, onFailed }: TurnQueueOptions) {
    this.#onFlushed = onFlushed;
    this.#flusher = new Flusher({
      directory,
      onFlushed,
      onFailed: (error) => {
        this.#hasFailed = true;
        onFailed(error);
      },
    });
  }

  /** Why no more calls may be taken: too much waits for the disk; null where it does not. */
  get overdue(): string | null {
    if (this.#bytes < MAX_BYTES) return null;
    return `the audit journal's disk does not keep up (${MAX_BYTES / 2 ** 20} MiB wait to be flushed): calls are taken again when it does`;
  }

  get last(): Turn | null {
    return this.#turns.at(-1) ?? null;
  }

  /** From here on turns are written to this file. */
  cover(fd: number): void {
    this.#flusher.cover({ fd, anew: this.#hasFailed });
    this.#hasFailed = false;
  }

  /** A turn that was just written. */
  add(turn: Turn): void {
    this.#lastNumber = (this.#lastNumber + 1) | 0;
    turn.number = this.#lastNumber;
    this.#turns.push(turn);
    this.#bytes += turn.bytes?.length ?? 0;
    this.#unasked += turn.frames.length;
    this.#lookAgain ??= setTimeout(this.#look, LOOK_AGAIN_MS).unref();
    if (turn.isUrgent) this.urge(turn);
    else this.#lazy ??= setTimeout(this.#flushLazily, LAZY_MS).unref();
  }

  /** It has become urgent, or watched, after it was written. */
  urge({ number, isWatched }: Turn): void {
    // One that was asked for is not asked for again, with what came since.
    if (!isReached(this.#asked, number!)) this.#ask();
    if (isWatched) this.#flusher.watch();
  }

  /** Takes out the turns that are on the disk. */
  takeFlushed(): Turn[] {
    const flushed = this.#flusher.lastFlushed();
    let count = 0;
    while (count < this.#turns.length && isReached(flushed, this.#turns[count]!.number!)) count += 1;
    const taken = count === 0 ? NONE : this.#turns.splice(0, count);
    for (const { bytes } of taken) this.#bytes -= bytes?.length ?? 0;
    const isAwaited =
      !isReached(flushed, this.#lazilyAsked) || this.#turns.some(({ isWatched }) => isWatched);
    if (isAwaited) this.#flusher.watch();
    return taken;
  }

  /** Takes all out, as none will be on the disk. */
  takeAll(): Turn[] {
    this.#bytes = 0;
    this.#unasked = 0;
    return this.#turns.splice(0);
  }

  readonly #look = (): void => {
    this.#lookAgain = null;
    if (this.#turns.length === 0) return;
    this.#onFlushed();
    if (this.#turns.length > 0) this.#lookAgain ??= setTimeout(this.#look, LOOK_AGAIN_MS).unref();
  };

  /** Ends the flush thread. */
  async stop(): Promise<void> {
    if (this.#lazy) clearTimeout(this.#lazy);
    if (this.#lookAgain) clearTimeout(this.#lookAgain);
    await this.#flusher.stop();
  }

  readonly #flushLazily = (): void => {
    this.#lazy = null;
    if (this.#turns.length === 0) return;
    this.#ask();
    this.#lazilyAsked = this.#asked;
    this.#flusher.watch();
  };

  #ask(): void {
    this.#asked = this.#lastNumber;
    this.#flusher.ask(this.#asked, this.#unasked);
    this.#unasked = 0;
  }
}

const NONE: Turn[] = [];
