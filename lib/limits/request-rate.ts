import { LRUCache } from "lru-cache";

interface Limits {
  /** So many of one key are taken within a window, which begins with the first of them. */
  most: number;
  windowMs: number;
}

/** So many keys are counted; of more, those that asked longest ago are forgotten. */
const MOST_KEYS = 10_000;

/** How often something of one key may be asked for. */
export class RequestRate {
  readonly #most: number;
  readonly #windows: LRUCache<string, { count: number }>;

  constructor({ most, windowMs }: Limits) {
    this.#most = most;
    this.#windows = new LRUCache({ max: MOST_KEYS, ttl: windowMs });
  }

  /** Counts one. Returns null where it is taken, else the seconds until the next window. */
  take(key: string): number | null {
    const window = this.#windows.get(key);
    if (window === undefined) {
      this.#windows.set(key, { count: 1 });
      return null;
    }
    window.count += 1;
    if (window.count <= this.#most) return null;
    return Math.max(1, Math.ceil(this.#windows.getRemainingTTL(key) / 1_000));
  }
}
