/** How much of a second passes in a second while the clock has to be waited for. */
const SLOW = 0.5;

/**
 * A clock that never goes back: what has expired would be allowed again. Where the machine's clock is set back, this one runs at half its
 * pace until the other has caught up; where it is set forward, this one is, too.
 */
export class SteadyClock {
  readonly #wall: () => number;
  readonly #monotonic: () => number;
  #time: number;
  #readAt: number;

  /** @param wall milliseconds since the epoch @param monotonic milliseconds since whenever, which no one can set */
  constructor(wall: () => number = Date.now, monotonic: () => number = () => performance.now()) {
    this.#wall = wall;
    this.#monotonic = monotonic;
    this.#time = wall();
    this.#readAt = monotonic();
  }

  /** Milliseconds since the epoch. */
  now(): number {
    const wall = this.#wall();
    const readAt = this.#monotonic();
    const slowed = this.#time + (readAt - this.#readAt) * SLOW;
    this.#time = Math.max(wall, slowed);
    this.#readAt = readAt;
    return Math.floor(this.#time);
  }
}
