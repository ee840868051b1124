import { AppError } from "../errors.ts";

export interface WaitingRoomLimits {
  /** What it is, in the plural, for the message: "exports". */
  what: string;
  /** Under way at once, of all and of one key (a person, an address). */
  most: number;
  mostOfKey: number;
  /** Of one key, so many wait for a place at the most, and so long. */
  mostWaitingOfKey: number;
  waitMs: number;
}

interface Waiting {
  key: string;
  enter(): void;
}

/** Places for work that is heavy: first come, first served, but nobody keeps others out by asking often. */
export class WaitingRoom {
  readonly #limits: WaitingRoomLimits;
  readonly #running = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #all = 0;

  constructor(limits: WaitingRoomLimits) {
    this.#limits = limits;
  }

  /**
   * Waits for a place; resolves to what gives it back (more than once does no harm).
   * @throws AppError `resource_exhausted` where too many of the key wait already, or one waited too long; the signal's reason where it aborts.
   */
  async enter(key: string, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (!this.#hasPlace(key)) await this.#wait(key, signal);
    else this.#take(key);
    let taken = true;
    return () => {
      if (taken) this.#giveBack(key);
      taken = false;
    };
  }

  #hasPlace(key: string): boolean {
    const { most, mostOfKey } = this.#limits;
    return this.#all < most && (this.#running.get(key) ?? 0) < mostOfKey;
  }

  #take(key: string): void {
    this.#all += 1;
    this.#running.set(key, (this.#running.get(key) ?? 0) + 1);
  }

  #giveBack(key: string): void {
    this.#all -= 1;
    const running = this.#running.get(key)! - 1;
    if (running === 0) this.#running.delete(key);
    else this.#running.set(key, running);
    for (const waiting of this.#waiting) {
      if (this.#all >= this.#limits.most) return;
      if (this.#hasPlace(waiting.key)) waiting.enter();
    }
  }

  #wait(key: string, signal: AbortSignal | undefined): Promise<void> {
    const { mostWaitingOfKey, waitMs } = this.#limits;
    const ahead = this.#waiting.values().reduce((sum, each) => sum + (each.key === key ? 1 : 0), 0);
    if (ahead >= mostWaitingOfKey) throw this.#refusal(`${ahead} more wait`);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = {
      key,
      enter: () => {
        this.#take(key);
        leave();
        resolve();
      },
    };
    const give = (reason: unknown) => {
      leave();
      reject(reason);
    };
    const onAbort = () => give(signal?.reason);
    const timer = setTimeout(() => give(this.#refusal(`no place was free for ${waitMs / 1_000} s`)), waitMs);
    const leave = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      this.#waiting.delete(waiting);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#waiting.add(waiting);
    return promise;
  }

  #refusal(why: string): AppError {
    const { what, mostOfKey, most } = this.#limits;
    return new AppError(
      "resource_exhausted",
      `At most ${mostOfKey} ${what} of yours and ${most} in all are under way at once, and ${why}. Wait for some to end, then try again.`,
      { retryAfterSeconds: 5 },
    );
  }
}
