import { setTimeout as delay } from "node:timers/promises";
import { log } from "../log.ts";
import { subscribeNotifications } from "./notifications.ts";

export interface FreshOptions {
  /** For the log. */
  what: string;
  channel: string;
  pollMs: number;
  /** A cheap text that differs whenever what `load` reads does. */
  readFingerprint(): Promise<string>;
  load(): Promise<void>;
}

export interface Fresh {
  /** Loads now, after a load that is under way. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** From the end of a load to the next one: many changes, one after another, are a few loads. */
const PAUSE_MS = 100;

/**
 * Loads something into memory and keeps it fresh: soon after each notification, and by a poll, since a notification can be lost. While the
 * database is away what was loaded last goes on.
 */
export async function keepFresh(options: FreshOptions): Promise<Fresh> {
  const loader = new Loader(options);
  await loader.reload();
  const report = (error: unknown) =>
    log.warn({ err: error }, `${options.what} could not be read again; what is known goes on`);
  const reloadSoon = () => void loader.reload().catch(report);
  const unsubscribe = subscribeNotifications(options.channel, {
    onNotification: reloadSoon,
    onConnected: reloadSoon,
  });
  const timer = setInterval(() => void loader.poll().catch(report), options.pollMs);
  timer.unref();
  return {
    reload: () => loader.reload(),
    stop: async () => {
      clearInterval(timer);
      unsubscribe();
      await loader.settled();
    },
  };
}

class Loader {
  readonly #options: FreshOptions;
  #running: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | null = null;
  #fingerprint = "";
  #loadedAt = Number.NEGATIVE_INFINITY;

  constructor(options: FreshOptions) {
    this.#options = options;
  }

  /** Calls that come while one waits to begin share it: it has not read yet. */
  reload(): Promise<void> {
    this.#waiting ??= this.#turn().then(() => {
      this.#waiting = null;
      return this.#load();
    });
    this.#running = this.#waiting;
    return this.#waiting;
  }

  async poll(): Promise<void> {
    if ((await this.#options.readFingerprint()) !== this.#fingerprint) await this.reload();
  }

  settled(): Promise<void> {
    return this.#running.catch(() => {});
  }

  async #turn(): Promise<void> {
    await this.settled();
    const pause = this.#loadedAt + PAUSE_MS - performance.now();
    if (pause > 0) await delay(pause);
  }

  async #load(): Promise<void> {
    try {
      // First: a change after it makes the next poll look again.
      const fingerprint = await this.#options.readFingerprint();
      await this.#options.load();
      this.#fingerprint = fingerprint;
    } finally {
      this.#loadedAt = performance.now();
    }
  }
}
