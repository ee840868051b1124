import { setTimeout } from "node:timers/promises";
import type pg from "pg";
import { log } from "../../log.ts";
import { lastNoOf } from "../query/last-no.ts";
import type { AuditScope } from "../query/scope.ts";
import { type CommittedNews, followCommitted } from "../store/committed-news.ts";
import type { LedgerStream } from "../store/ledger.ts";
import { onPostgres, type RunSql } from "../store/sql.ts";
import { Lag } from "./lag.ts";
import { type RecordPage, readRecord } from "./read-record.ts";
import { LeaseLostError, SinkCursor } from "./sink-cursor.ts";

export interface FollowerOptions {
  pool: pg.Pool;
  scope: AuditScope;
  /** The sink's name, and so its cursor's. */
  sink: string;
  stream: LedgerStream;
  columns: readonly string[];
  /** Resolves when the sink has a page for good. At least once: what failed, or was cut off, comes again. */
  deliver: Deliver;
}

/**
 * `advance` moves the cursor behind the page, for a sink that keeps it in this database: called within the transaction that does, the page
 * comes once. Where it is not called the cursor moves afterwards.
 */
export type Deliver = (page: RecordPage, advance: (run: RunSql) => Promise<void>) => Promise<void>;

const PAGE_NUMBERS = 1_000;
/** At the record's end a page gathers for so long. */
const SPACING_MS = 500;
/** A lease is renewed, and one that another process has is asked for, well before it ends. */
const LOOK_AGAIN_MS = 2_000;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 5_000;

/** Reads one stream for a sink from its cursor on, a page at a time, in order of No, while this process has the lease. */
export class RecordFollower {
  readonly #options: FollowerOptions;
  readonly #run: RunSql;
  readonly #cursor: SinkCursor;
  readonly #stop = new AbortController();
  readonly #lag = new Lag();
  readonly #news: CommittedNews;
  readonly #following: Promise<void>;
  #near: Date | null = null;
  #failures = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
    const { pool, sink, stream } = options;
    this.#run = onPostgres(pool);
    this.#cursor = new SinkCursor(pool, sink, stream);
    this.#news = followCommitted(stream, this.#stop.signal, (lastNo) => this.#lag.noteNewest(lastNo));
    this.#following = this.#follow();
  }

  get stream(): LedgerStream {
    return this.#options.stream;
  }

  get lag(): Pick<Lag, "lastNo" | "records" | "seconds"> {
    return this.#lag;
  }

  /** Whether the last try failed; the log says why. */
  get failing(): boolean {
    return this.#failures > 0;
  }

  /** Ends after the page that is being delivered, and lets another process go on. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#following;
    // It ends by itself a few seconds later, too.
    if (!this.failing)
      await this.#cursor.release().catch((error: Error) => this.#warn(error, "its lease was not given back"));
  }

  async #follow(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#waitAfter(await this.#readPage());
      } catch (error) {
        await this.#backOff(error as Error);
      }
    }
  }

  /** `more`: there is another page. `end`: of the record. `elsewhere`: another process reads. */
  async #readPage(): Promise<"more" | "end" | "elsewhere"> {
    const { stream, scope, columns } = this.#options;
    const { lastNo: after, leased } = await this.#cursor.take();
    if (!leased) return this.#lookOn(after);
    const page = await readRecord(this.#run, {
      scope,
      stream,
      after,
      limit: PAGE_NUMBERS,
      columns,
      near: this.#near,
    });
    this.#lag.noteLook({ lastNo: after, newest: page.lastNo });
    if (page.upTo > after) {
      await this.#deliver(page, after);
      this.#near = page.rows.at(-1)?.at ?? this.#near;
    }
    this.#lag.noteLook({ lastNo: page.upTo, newest: page.lastNo });
    if (this.#failures > 0) log.info({ sink: this.#options.sink, stream }, "sink: it takes the record again");
    this.#failures = 0;
    return page.upTo === page.lastNo ? "end" : "more";
  }

  async #deliver(page: RecordPage, after: number): Promise<void> {
    let advanced = false;
    const advance = async (run: RunSql) => {
      await this.#cursor.advance(run, { from: after, to: page.upTo });
      advanced = true;
    };
    await this.#options.deliver(page, advance);
    if (!advanced) await advance(this.#run);
  }

  async #lookOn(lastNo: number): Promise<"elsewhere"> {
    this.#lag.noteLook({ lastNo, newest: await lastNoOf(this.#run, this.stream) });
    this.#failures = 0;
    return "elsewhere";
  }

  async #waitAfter(read: "more" | "end" | "elsewhere"): Promise<void> {
    if (read === "elsewhere") await this.#sleep(LOOK_AGAIN_MS);
    if (read !== "end") return;
    await this.#sleep(SPACING_MS);
    await this.#news.wait(LOOK_AGAIN_MS);
  }

  async #backOff(error: Error): Promise<void> {
    // The next round sees who has the lease.
    if (error instanceof LeaseLostError) return this.#sleep(LOOK_AGAIN_MS);
    if (this.#failures === 0) this.#warn(error, "it does not take the record, and is tried again");
    this.#failures += 1;
    const longest = Math.min(FIRST_BACKOFF_MS * 2 ** (this.#failures - 1), LONGEST_BACKOFF_MS);
    await this.#sleep(longest * (0.5 + Math.random() / 2));
  }

  #warn(err: Error, what: string): void {
    log.warn({ err, sink: this.#options.sink, stream: this.stream }, `sink: ${what}`);
  }

  /** Ends early with the follower. */
  #sleep(milliseconds: number): Promise<void> {
    return setTimeout(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
