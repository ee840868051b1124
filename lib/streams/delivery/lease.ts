/** Another process takes a stream over that nobody has renewed for so long. */
export const LEASE_SECONDS = 7;
/** It is renewed, and those of others are asked for, so often: what a process had that is gone goes on elsewhere within 10 s. */
export const LOOK_AGAIN_MS = 2_000;
/** So long before it ends it counts as lost here: nothing is under way when another begins. */
const MARGIN_MS = 1_500;

/** What this process knows of its lease of one stream. */
export class Lease {
  #until = 0;

  /** It was renewed by a statement that began at `at` (`performance.now()`). */
  renewed(at: number): void {
    this.#until = Math.max(this.#until, at + LEASE_SECONDS * 1_000 - MARGIN_MS);
  }

  /** Milliseconds until it counts as lost; 0 and less: it is. */
  get left(): number {
    return this.#until - performance.now();
  }
}
