/** What was counted of one network and not recorded one by one. */
export interface UnrecordedFailures {
  /** Null: of networks beyond those that are told apart. */
  network: string | null;
  failures: number;
  /** Milliseconds since the epoch of the first one. */
  since: number;
}

export interface FailureLimits {
  windowMs: number;
  /** Of one network within a window, so many are recorded one by one. */
  recordedOfNetwork: number;
  /** Of all networks within a window. */
  recordedInAll: number;
  /** So many networks are told apart; those beyond are counted together. */
  networks: number;
}

interface Window {
  until: number;
  failures: number;
  unrecorded: number;
  since: number;
}

/** Counts failed authentications by network, with bounded memory: a window begins with a failure and lasts for `windowMs`. */
export class FailureWindows {
  readonly #limits: FailureLimits;
  readonly #windows = new Map<string, Window>();
  readonly #others: Window = { until: 0, failures: 0, unrecorded: 0, since: 0 };
  readonly #all: Window = { until: 0, failures: 0, unrecorded: 0, since: 0 };

  constructor(limits: FailureLimits) {
    this.#limits = limits;
  }

  /** Counts one. True: it is to be recorded by itself. */
  count(network: string, now: number): boolean {
    const { recordedOfNetwork, recordedInAll } = this.#limits;
    const window = this.#windowOf(network, now);
    const all = this.#renewed(this.#all, now);
    window.failures += 1;
    if (window === this.#others || window.failures > recordedOfNetwork || all.failures >= recordedInAll) {
      this.#leaveUnrecorded(window, now);
      return false;
    }
    all.failures += 1;
    return true;
  }

  /** One that was to be recorded by itself could not be. */
  leaveUnrecorded(network: string, now: number): void {
    this.#leaveUnrecorded(this.#windowOf(network, now), now);
  }

  /** Failures within the network's window, and how long that lasts. */
  failuresOf(network: string, now: number): { failures: number; remainingMs: number } {
    const window = this.#windows.get(network);
    if (window === undefined || window.until <= now) return { failures: 0, remainingMs: 0 };
    return { failures: window.failures, remainingMs: window.until - now };
  }

  /** Whether there is anything to remember. */
  get isEmpty(): boolean {
    return this.#windows.size === 0 && this.#others.unrecorded === 0;
  }

  /** Takes what was counted and not recorded, most first, and forgets networks whose window is over. */
  takeUnrecorded(now: number): UnrecordedFailures[] {
    const taken: UnrecordedFailures[] = [];
    const take = (network: string | null, window: Window) => {
      if (window.unrecorded === 0) return;
      taken.push({ network, failures: window.unrecorded, since: window.since });
      window.unrecorded = 0;
    };
    for (const [network, window] of this.#windows) {
      take(network, window);
      if (window.until <= now) this.#windows.delete(network);
    }
    take(null, this.#others);
    return taken.sort((a, b) => b.failures - a.failures);
  }

  /** Gives back what could not be recorded. */
  putBack({ network, failures, since }: UnrecordedFailures, now: number): void {
    const window = network === null ? this.#others : this.#windowOf(network, now);
    window.since = window.unrecorded === 0 ? since : Math.min(window.since, since);
    window.unrecorded += failures;
  }

  #windowOf(network: string, now: number): Window {
    const known = this.#windows.get(network);
    if (known !== undefined) return this.#renewed(known, now);
    if (this.#windows.size >= this.#limits.networks) return this.#renewed(this.#others, now);
    const window = { until: now + this.#limits.windowMs, failures: 0, unrecorded: 0, since: now };
    this.#windows.set(network, window);
    return window;
  }

  #renewed(window: Window, now: number): Window {
    if (window.until <= now) {
      window.until = now + this.#limits.windowMs;
      window.failures = 0;
    }
    return window;
  }

  #leaveUnrecorded(window: Window, now: number): void {
    if (window.unrecorded === 0) window.since = now;
    window.unrecorded += 1;
  }
}
