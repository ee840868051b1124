import type { StreamSurface } from "../surfaces/schema.ts";
import type { Page, PageReader } from "./read-page.ts";

interface FeedOptions {
  surface: StreamSurface;
  reader: PageReader;
  /** What comes behind this number is to be sent. */
  after: number;
  /** A range that is sent again; null: what is new. */
  replay: { id: string; to: number } | null;
}

/** What is read of one surface from one place on, a page ahead of what is being sent. */
export class Feed {
  readonly surface: StreamSurface;
  readonly replay: FeedOptions["replay"];
  readonly #reader: PageReader;
  /** All up to this number is settled. */
  after: number;
  #newest: number;
  #ahead: Promise<Page> | null = null;

  constructor({ surface, reader, after, replay }: FeedOptions) {
    this.surface = surface;
    this.replay = replay;
    this.#reader = reader;
    this.after = after;
    this.#newest = after;
  }

  /** The next page, null where there is none yet; with `ahead` the one behind it is being read when this resolves. */
  async next({
    limit,
    ahead: readsAhead,
  }: {
    limit: number;
    ahead: boolean;
  }): Promise<(Page & { more: boolean }) | null> {
    const ahead = this.#ahead;
    this.#ahead = null;
    const page = await (ahead ?? this.#read(this.after, limit));
    this.#newest = page.newest;
    if (page.upTo === this.after) return null;
    const more = page.upTo < Math.min(this.replay?.to ?? page.newest, page.newest);
    if (more && readsAhead) {
      this.#ahead = this.#read(page.upTo, limit);
      // Whoever awaits it hears of its failure; where the stream ends before, nobody does.
      this.#ahead.catch(() => undefined);
    }
    return { ...page, more };
  }

  /** Whether it has a page in memory that is not sent yet. */
  get isAhead(): boolean {
    return this.#ahead !== null;
  }

  /** Whether there is more of what is new than is settled. */
  get behind(): boolean {
    return this.replay === null && this.#newest > this.after;
  }

  /** Whether a range that is sent again is through. */
  get through(): boolean {
    return this.replay !== null && this.after >= this.replay.to;
  }

  #read(after: number, limit: number): Promise<Page> {
    return this.#reader.read({ after, upTo: this.replay?.to ?? null, limit });
  }
}
