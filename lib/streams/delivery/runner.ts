import { setTimeout } from "node:timers/promises";
import type { AuditScope } from "../../audit/query/scope.ts";
import { followCommitted } from "../../audit/store/committed-news.ts";
import type { RunSql } from "../../audit/store/sql.ts";
import { log } from "../../log.ts";
import type { Batch, Destination } from "../destinations/destination/destination.ts";
import type { Outcome } from "../destinations/destination/outcome.ts";
import { openStreamSecrets } from "../stored/secrets.ts";
import type { StreamDefinition } from "../stored/stream-row.ts";
import { type StreamSurface, StreamSurface as Surfaces } from "../surfaces/schema.ts";
import { SOURCES } from "../surfaces/sources.ts";
import { Alarm } from "./alarm.ts";
import { backOffMs } from "./back-off.ts";
import { cutBatches } from "./cut-batches.ts";
import { Delivery, DestinationGone, type Settled, StreamEnds } from "./deliver-records.ts";
import { Feed } from "./feed.ts";
import type { Lease } from "./lease.ts";
import { countLetters, findRequested, MOST_DEAD_LETTERS, noteUnreadable } from "./letters.ts";
import { noteFailure, noteGone } from "./noted.ts";
import { openDestination } from "./open-destination.ts";
import {
  advanceCursor,
  advanceReplay,
  findCursors,
  findReplays,
  LeaseLost,
  settleLetters,
} from "./position.ts";
import { RateLimit } from "./rate-limit.ts";
import { type Page, PageReader } from "./read-page.ts";
import { Throughput } from "./throughput.ts";
import { createWriter } from "./write-record.ts";

export interface RunnerOptions {
  stream: StreamDefinition;
  run: RunSql;
  scope: AuditScope;
  /** Of this process, by which it holds leases. */
  owner: string;
  lease: Lease;
  installation: string;
  installationId: string;
}

const SEND_MS = 60_000;
/** What is being sent when the stream is to end may end by itself. */
const GRACE_MS = 5_000;
/** Heard of nothing, it looks all the same. */
const LOOK_AGAIN_MS = 5_000;
/** After a failure of this side. */
const LONGEST_PAUSE_MS = 5_000;

/** Delivers one stream while this process has its lease: pages of its feeds in turn, so that none waits for another's end. */
export class StreamRunner {
  readonly #options: RunnerOptions;
  readonly #ending = new AbortController();
  readonly #cutOff = new AbortController();
  readonly #throughput = new Throughput();
  readonly #rate: RateLimit;
  readonly #alarm: Alarm;
  #nudged = true;
  #letters = 0;
  /** Of this side (PostgreSQL is away, a secret cannot be opened), one after another. */
  #failures = 0;
  /** Why it did not get on, as the log has it. */
  #warned: string | null = null;
  #destination: Destination | null = null;
  #feeds: Feed[] = [];
  readonly done: Promise<void>;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#rate = new RateLimit(options.stream.rateLimit);
    this.#alarm = new Alarm(this.#ending.signal);
    for (const surface of chosenSurfaces(options.stream)) this.#follow(surface);
    this.done = this.#run();
  }

  get stream(): StreamDefinition {
    return this.#options.stream;
  }

  /** There may be something to send again. */
  wake(): void {
    this.#nudged = true;
    this.#alarm.ring({ now: true });
  }

  /** Ends after what is being sent, within some seconds. */
  async stop(): Promise<void> {
    this.#ending.abort(new StreamEnds());
    const timer = globalThis.setTimeout(() => this.cutOff(), GRACE_MS);
    await this.done;
    clearTimeout(timer);
  }

  /** Ends now: another process may have the stream. */
  cutOff(): void {
    this.#ending.abort(new StreamEnds());
    this.#cutOff.abort(new StreamEnds());
  }

  #follow(surface: StreamSurface): void {
    const { records } = this.#options.stream.batch;
    followCommitted(SOURCES[surface].surface.stream, this.#ending.signal, (lastNo) => {
      const feed = this.#feeds.find((each) => each.surface === surface && each.replay === null);
      this.#alarm.ring({ now: feed !== undefined && lastNo - feed.after >= records });
    });
  }

  async #run(): Promise<void> {
    const { stream, owner } = this.#options;
    while (!this.#ending.signal.aborted) {
      try {
        await this.#deliverAll();
      } catch (error) {
        if (error instanceof StreamEnds || error instanceof LeaseLost) break;
        this.#failures += 1;
        const reason = error instanceof Error ? error.message : String(error);
        if (error instanceof DestinationGone) {
          await noteGone(stream, { owner, reason }).catch((cause: Error) => this.#warn(cause.message));
          break;
        }
        this.#warn(reason, error);
        await noteFailure(this.#options.run, { streamId: stream.id, owner, reason }).catch(() => undefined);
        const pause = Math.min(backOffMs(this.#failures), LONGEST_PAUSE_MS);
        await this.#sleep(pause).catch(() => undefined);
      }
    }
    this.#ending.abort(new StreamEnds());
    this.#cutOff.abort(new StreamEnds());
  }

  async #deliverAll(): Promise<void> {
    const { stream } = this.#options;
    const secrets = openStreamSecrets(stream.id, stream.secrets);
    this.#destination = openDestination({ ...stream, secrets });
    try {
      this.#feeds = await this.#liveFeeds();
      while (!this.#ending.signal.aborted) {
        if (this.#nudged) await this.#sendAgain();
        if (!(await this.#turn())) await this.#alarm.sleep(LOOK_AGAIN_MS, stream.batch.seconds * 1_000);
      }
    } finally {
      const destination = this.#destination;
      this.#destination = null;
      await destination.close().catch((error: Error) => this.#warn(error.message));
    }
  }

  /** A page of each feed. Answers whether there is more. */
  async #turn(): Promise<boolean> {
    let more = false;
    for (const feed of this.#feeds) {
      this.#ending.signal.throwIfAborted();
      more = (await this.#deliverPage(feed)) || more;
    }
    this.#feeds = this.#feeds.filter((feed) => !feed.through);
    return more;
  }

  /** Answers whether there is more behind it. */
  async #deliverPage(feed: Feed): Promise<boolean> {
    const { batch, rateLimit } = this.#options.stream;
    const limit = Math.min(batch.records, rateLimit ?? batch.records);
    // Of all feeds one has a page ahead: what a stream holds in memory has a bound.
    const page = await feed.next({
      limit,
      ahead: !this.#feeds.some((each) => each !== feed && each.isAhead),
    });
    if (page !== null) await this.#deliver(feed, page);
    return page?.more ?? false;
  }

  async #deliver(feed: Feed, { records, upTo }: Pick<Page, "records" | "upTo">): Promise<void> {
    const delivery = this.#delivery((settled) => this.#advance(feed, settled), feed.replay !== null);
    const batches = cutBatches(records, this.#options.stream.batch.bytes);
    for (const [index, batch] of batches.entries())
      await delivery.deliver(batch, index === batches.length - 1 ? upTo : batch.at(-1)!.record.no);
    if (batches.length === 0) await this.#advance(feed, { upTo, taken: [], dead: [] });
  }

  async #advance(feed: Feed, settled: Settled): Promise<void> {
    const { run, lease } = this.#options;
    const progress = { ...this.#progress(feed.surface, settled), from: feed.after };
    const began = performance.now();
    feed.after = settled.upTo;
    if (feed.replay) await advanceReplay(run, { ...progress, ...feed.replay });
    else await advanceCursor(run, { ...progress, behind: this.#feeds.some(({ behind }) => behind) });
    lease.renewed(began);
    this.#failures = 0;
    if (this.#warned !== null) log.info({ stream: this.stream.name }, "stream: it gets on again");
    this.#warned = null;
    this.#letters += settled.dead.length;
  }

  #progress(surface: StreamSurface, settled: Settled) {
    const { stream, owner } = this.#options;
    const throughput = this.#throughput.note(settled.taken.length);
    return { streamId: stream.id, owner, surface, settled, throughput, behind: null };
  }

  #delivery(settle: (settled: Settled) => Promise<void>, again: boolean): Delivery {
    const { stream, run, owner } = this.#options;
    return new Delivery({
      settle,
      send: (batch) => this.#send({ ...batch, again }),
      fail: async (reason) => {
        this.#warn(reason);
        await noteFailure(run, { streamId: stream.id, owner, reason });
      },
      wait: (milliseconds) => this.#sleep(milliseconds),
      refuseDead: async () => {
        // Somebody may have discarded them meanwhile, or asked for them again: that comes behind this page.
        if (this.#letters >= MOST_DEAD_LETTERS) this.#letters = await countLetters(run, stream.id);
        if (this.#letters < MOST_DEAD_LETTERS) return null;
        return `${MOST_DEAD_LETTERS.toLocaleString("en-US")} records were refused for good: replay or discard them, then it goes on.`;
      },
    });
  }

  async #send(batch: Batch): Promise<Outcome> {
    const pause = this.#rate.take(batch.records.length);
    if (pause > 0) await this.#sleep(pause);
    const signal = AbortSignal.any([this.#cutOff.signal, AbortSignal.timeout(SEND_MS)]);
    signal.throwIfAborted();
    try {
      return await this.#destination!.send(batch, signal);
    } catch (error) {
      if (this.#cutOff.signal.aborted) throw new StreamEnds();
      if (signal.aborted) throw new Error(`no answer in ${SEND_MS / 1_000} s`);
      throw error;
    }
  }

  /** What administrators want sent again: ranges become feeds, dead letters are sent now. */
  async #sendAgain(): Promise<void> {
    const { stream, run } = this.#options;
    this.#nudged = false;
    const replays = await findReplays(run, stream.id);
    const wanted = new Set(replays.map(({ id }) => id));
    this.#feeds = this.#feeds.filter(({ replay }) => replay === null || wanted.has(replay.id));
    const known = new Set(this.#feeds.map(({ replay }) => replay?.id));
    for (const { id, surface, to, after } of replays)
      if (!known.has(id))
        this.#feeds.push(new Feed({ surface, reader: this.#reader(surface), after, replay: { id, to } }));
    await this.#sendLetters();
  }

  async #sendLetters(): Promise<void> {
    const { stream, run } = this.#options;
    for (let next = await findRequested(run, stream.id); next; next = await findRequested(run, stream.id)) {
      const { surface, numbers, between } = next;
      // They are dead letters already: those that are refused again make it no more of them.
      this.#letters = 0;
      const delivery = this.#delivery(
        (settled) => settleLetters(run, this.#progress(surface, settled)),
        true,
      );
      const sends = stream.surfaces[surface] !== undefined;
      const records = sends ? await this.#reader(surface).readNumbers(numbers, between) : [];
      await noteUnreadable(run, { streamId: stream.id, surface, numbers, records });
      for (const batch of cutBatches(records, stream.batch.bytes))
        await delivery.deliver(batch, batch.at(-1)!.record.no);
    }
    this.#letters = await countLetters(run, stream.id);
  }

  async #liveFeeds(): Promise<Feed[]> {
    const { stream, run } = this.#options;
    const cursors = await findCursors(run, stream.id);
    return chosenSurfaces(stream).map((surface) => {
      const after = cursors.get(surface);
      if (after === undefined) throw new Error(`stream_cursors has no row of ${surface}`);
      return new Feed({ surface, reader: this.#reader(surface), after, replay: null });
    });
  }

  #reader(surface: StreamSurface): PageReader {
    const { stream, run, scope, installation, installationId } = this.#options;
    const write = createWriter({ ...stream, installation, installationId });
    const choice = stream.surfaces[surface]!;
    return new PageReader({ run, scope, surface, choice, write });
  }

  /** Rejects where the stream ends meanwhile. */
  async #sleep(milliseconds: number): Promise<void> {
    await setTimeout(milliseconds, undefined, { signal: this.#ending.signal }).catch(() => {
      throw new StreamEnds();
    });
  }

  /** Once for each reason, until it gets on again. */
  #warn(reason: string, err?: unknown): void {
    if (reason === this.#warned) return;
    this.#warned = reason;
    log.warn({ stream: this.stream.name, reason, err }, "stream: it does not get on, and tries again");
  }
}

const chosenSurfaces = ({ surfaces }: StreamDefinition): StreamSurface[] =>
  Surfaces.options.filter((surface) => surfaces[surface] !== undefined);
