import type pg from "pg";
import { type Registry, register } from "prom-client";
import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import { checkedEntry } from "../entry/check-entry.ts";
import { type KubeRequestEntry, MUTATING_VERBS, READ_VERBS } from "../entry/entry.ts";
import { type JournalDirectory, newJournalDirectory, removeJournalDirectory } from "../journal/directory.ts";
import { Journal } from "../journal/journal.ts";
import type { Until } from "../journal/turn.ts";
import { type RetentionHooks, startRetention } from "../retention/retention.ts";
import { SinkRegistry } from "../sinks/sink-registry.ts";
import { CommitTracker } from "../writer/commit-tracker.ts";
import { forgetPosition } from "../writer/journal-position.ts";
import type { FromWriter } from "../writer/thread-protocol.ts";
import { WriterThread } from "../writer/writer-thread.ts";
import { type AuditMetrics, registerAuditMetrics } from "./metrics.ts";
import { OrphanJournals } from "./orphan-journals.ts";
import { PostgresSink } from "./postgres-sink.ts";
import type { Intent, RecordDone, Recorded, Recorder, RecordOptions } from "./recorder.ts";
import { type AuditStatus, publishAuditStatus } from "./status.ts";
import { UnrecordedCalls } from "./unrecorded-calls.ts";

/** What is on the disk before a call's response ends (`audit.durability`). */
export type Durability = "strict" | "flushed" | "relaxed";

/** What the pipeline takes of the configuration. */
export interface AuditPipelineConfig {
  /** The data folder; the journal is in `journal/` below it. */
  data: string;
  audit: {
    sync: boolean;
    durability: Durability;
    reads: boolean;
    retentionDays: number;
    journal: { maxBytes: number };
  };
}

export interface AuditPipelineOptions {
  config: AuditPipelineConfig;
  pool: pg.Pool;
  /** Where the metrics go; the process's own registry where it is left out. */
  registry?: Registry;
  /** The process's sinks, of which PostgreSQL's writer becomes one; the status tells of each. */
  sinks?: SinkRegistry;
  /** Longest that a call waits for PostgreSQL with `audit.sync`, milliseconds; ten seconds where it is left out. */
  syncWaitMs?: number;
  /** Whether this process keeps the partitions ahead and drops expired days; it does where this is left out. */
  retention?: boolean;
  /** Asked before days are dropped, where it may change while it runs; the configuration's where it is left out. */
  retentionDays?: () => number;
  /** Who still needs days that are to be dropped, and what others keep of those that are. */
  retentionHooks?: RetentionHooks;
  /** Bytes of journals of other processes that count against `audit.journal.maxBytes` as well. */
  otherJournalBytes?: () => number;
}

export interface AuditPipeline {
  recorder: Recorder;
  /** Writes what is in the journal to the database, at most ten seconds long; what is left, the next start writes. */
  drain(): Promise<void>;
  /** Takes over the journals of processes that have ended, as it does by itself every minute. */
  adoptOrphans(): Promise<void>;
  status(): AuditStatus;
}

const DRAIN_MS = 10_000;
const ADOPT_EVERY_MS = 60_000;
const SYNC_WAIT_MS = 10_000;
/** There will be no entry, so nothing has to be on the disk. */
const UNRECORDED_READ: Intent = { isDurable: true, whenDurable: (listener) => listener(null) };

/**
 * Starts the audit pipeline: opens a journal, adopts those that earlier starts left, and starts the writer's thread and the retention.
 * Needs a migrated database, but takes calls also while that is away.
 */
export async function startAuditPipeline(options: AuditPipelineOptions): Promise<AuditPipeline> {
  const pipeline = await Pipeline.open(options);
  publishAuditStatus(() => pipeline.status());
  return {
    recorder: pipeline,
    drain: () => pipeline.drain(),
    adoptOrphans: () => pipeline.adoptOrphans(),
    status: () => pipeline.status(),
  };
}

class Pipeline implements Recorder {
  readonly #options: AuditPipelineOptions;
  readonly #directory: JournalDirectory;
  readonly #journal: Journal;
  readonly #thread: WriterThread;
  readonly #commits = new CommitTracker();
  readonly #sinks: SinkRegistry;
  readonly #orphans: OrphanJournals;
  readonly #unrecorded: UnrecordedCalls;
  readonly #metrics: AuditMetrics;
  readonly #retention: { stop(): void } | null;
  readonly #adopting: NodeJS.Timeout;
  #isDamaged = false;

  static async open(options: AuditPipelineOptions): Promise<Pipeline> {
    const { data, audit } = options.config;
    const orphans = new OrphanJournals(data);
    await orphans.adopt();
    const directory = newJournalDirectory(data);
    const unrecorded = new UnrecordedCalls();
    // The journal and the pipeline know of each other; no frame comes before both are there.
    const journal = await Journal.open({
      directory: directory.path,
      prepare: () => directory.make(),
      maxBytes: audit.journal.maxBytes,
      otherBytes: () => orphans.bytes + (options.otherJournalBytes?.() ?? 0),
      onDurable: (durable) => pipeline.#becameDurable(durable),
      onRefused: (frames) => pipeline.#metrics.failed.inc(frames),
      onLost: () => unrecorded.count("lost", "neither the disk nor the memory had room for them"),
    });
    const pipeline: Pipeline = new Pipeline(options, { directory, journal, orphans, unrecorded });
    const admission = journal.admission();
    if (!admission.admitted)
      log.error(
        { reason: admission.reason, journals: orphans.size },
        "audit pipeline: calls are refused; what earlier starts left is written to PostgreSQL first, which makes room",
      );
    return pipeline;
  }

  private constructor(
    options: AuditPipelineOptions,
    parts: {
      directory: JournalDirectory;
      journal: Journal;
      orphans: OrphanJournals;
      unrecorded: UnrecordedCalls;
    },
  ) {
    this.#options = options;
    this.#directory = parts.directory;
    this.#journal = parts.journal;
    this.#orphans = parts.orphans;
    this.#unrecorded = parts.unrecorded;
    this.#sinks = options.sinks ?? new SinkRegistry();
    this.#sinks.add(new PostgresSink(this.#commits));
    this.#metrics = registerAuditMetrics(options.registry ?? register, () => this.status());
    this.#thread = new WriterThread({
      databaseUrl: databaseUrlOf(options.pool),
      own: { id: this.#directory.id, directory: this.#directory.path },
      orphans: this.#orphans.refs(),
      onMessage: (message) => this.#receive(message),
    });
    const { pool, config, retention = true, retentionHooks } = options;
    const { retentionDays = () => config.audit.retentionDays } = options;
    this.#retention = retention ? startRetention(pool, retentionDays, retentionHooks) : null;
    this.#adopting = setInterval(() => void this.adoptOrphans(), ADOPT_EVERY_MS);
    this.#adopting.unref();
  }

  admission(): AuditStatus["admission"] {
    const admission = this.#journal.admission();
    if (admission.admitted) this.#unrecorded.endPeriod();
    return admission;
  }

  #recordsReads({ auditReads }: RecordOptions = {}): boolean {
    return auditReads ?? this.#options.config.audit.reads;
  }

  recordIntent(entry: KubeRequestEntry, options?: RecordOptions): Intent {
    const isRead = READ_VERBS.has(entry.verb);
    if (isRead && !this.#recordsReads(options)) return UNRECORDED_READ;
    const isUrgent = !isRead || this.#durability !== "relaxed";
    return this.#journal.appendIntent(checkedEntry(entry), { isUrgent });
  }

  recordEntry(entry: KubeRequestEntry, options: RecordOptions | undefined, done: RecordDone): void {
    if (this.#isLeftOut(entry, options)) {
      done("recorded");
      return;
    }
    try {
      if (wasRefused(entry)) this.#requireAdmission();
      const waitsForCommit = this.#options.config.audit.sync && MUTATING_VERBS.has(entry.verb);
      const until = waitsForCommit ? "flushed" : this.#untilOf(entry);
      this.#journal.appendEntry(checkedEntry(entry), until, (error, position) => {
        if (error === null) this.#metrics.recorded.inc();
        if (error === null && waitsForCommit) void this.#waitForCommit(entry, position).then(done);
        else done(error ?? "recorded");
      });
    } catch (error) {
      done(error as Error);
    }
  }

  /** Denied and failed reads stay on the record: the setting saves volume, it hides no attempt. Nor does it leave an intent open. */
  #isLeftOut(entry: KubeRequestEntry, options?: RecordOptions): boolean {
    return (
      READ_VERBS.has(entry.verb) &&
      entry.result === "success" &&
      !this.#recordsReads(options) &&
      !this.#journal.hasIntent(entry.callId)
    );
  }

  #untilOf({ verb }: KubeRequestEntry): Until {
    if (this.#durability === "flushed") return "flushed";
    return this.#durability === "relaxed" && READ_VERBS.has(verb) ? "written" : "intended";
  }

  get #durability(): Durability {
    return this.#options.config.audit.durability;
  }

  async #waitForCommit({ callId }: KubeRequestEntry, position: number): Promise<Recorded> {
    this.#thread.flush();
    const waitMs = this.#options.syncWaitMs ?? SYNC_WAIT_MS;
    if (await this.#commits.waitFor(position, waitMs)) return "recorded";
    log.warn(
      { callId },
      `audit.sync: PostgreSQL has not taken a call's entry within ${waitMs / 1_000} s; the journal has it`,
    );
    return "late";
  }

  status(): AuditStatus {
    const { position, lastNo, lastCommittedAt, deadLetters, error } = this.#commits;
    const { refused, lost } = this.#unrecorded;
    return {
      admission: this.admission(),
      journalBytes: this.#journal.bytes + this.#orphans.bytes,
      journalMaxBytes: this.#options.config.audit.journal.maxBytes,
      unwrittenBytes: Math.max(0, this.#journal.durablePosition - position),
      lagMs: this.#commits.lagMs(),
      openIntents: this.#journal.openIntents,
      lastNo,
      lastCommittedAt: lastCommittedAt?.toISOString() ?? null,
      deadLetters,
      orphans: this.#orphans.statuses(),
      setAside: this.#orphans.setAside,
      unrecorded: { refused, lost },
      writerError: error,
      sinks: this.#sinks.statuses(),
    };
  }

  async drain(): Promise<void> {
    clearInterval(this.#adopting);
    this.#retention?.stop();
    await this.#journal.settled();
    await this.#thread.stop(DRAIN_MS);
    const { durablePosition, openIntents, unwritten } = this.#journal;
    // Of a call whose outcome the disk does not take its intent is all that the next start knows.
    const written = this.#commits.position >= durablePosition && openIntents === 0 && unwritten === 0;
    for (let left = unwritten; left > 0; left--)
      this.#unrecorded.count("lost", "the disk took nothing until the process ended");
    await this.#journal.close();
    await this.#unrecorded.stop();
    if (written && !this.#isDamaged) await this.#removeJournal();
    this.#directory.release();
    this.#orphans.release();
  }

  async #removeJournal(): Promise<void> {
    // Where another process has taken it, its position is that one's too.
    if (!(await removeJournalDirectory(this.#directory.path))) return;
    // A row of a journal that is gone is only a row too many.
    await forgetPosition(this.#options.pool, this.#directory.id).catch((error: Error) =>
      log.warn({ err: error }, "audit pipeline: the journal's position stays in the database"),
    );
  }

  /**
   * While no calls are taken, those that never went to a cluster get no entry each: it would take the room that calls under way need. They are
   * counted, and throw for the client to hear that.
   */
  #requireAdmission(): void {
    const admission = this.admission();
    if (admission.admitted) return;
    this.#unrecorded.count("refused", admission.reason);
    throw new AppError("unavailable", admission.reason);
  }

  #becameDurable(durable: { position: number; frames: number; entries: number }): void {
    this.#commits.noteDurable(durable);
    this.#thread.advance(durable);
  }

  #receive(message: FromWriter): void {
    if (message.kind === "committed") this.#committed(message);
    else if (message.kind === "drained") this.#drained(message);
    else if (message.kind === "retrying") this.#retrying(message.message);
    else if (message.kind === "failed") this.#writerFailed(message.message);
    else if (message.kind === "damaged") this.#ownDamaged(message.bytes);
    else if (message.kind === "orphanFailed") void this.#orphans.failed(message);
    else if (message.kind === "deadLetter") {
      log.error(message, "audit writer: PostgreSQL refused an entry; it is in audit_dead_letter");
    }
  }

  /** What of the journal is left at the end is kept: the next start sets it aside, with the reason. */
  #ownDamaged(bytes: number): void {
    this.#isDamaged = true;
    log.error({ bytes }, "audit journal: what was on the disk cannot be read any more; all else is written");
  }

  #writerFailed(reason: string): void {
    this.#metrics.writerFailures.inc();
    this.#commits.noteError(reason);
    log.error({ reason }, "audit writer: its thread failed, and is started again");
  }

  #retrying(reason: string): void {
    this.#metrics.retries.inc();
    if (!this.#commits.noteError(reason)) return;
    log.warn({ reason }, "audit writer: PostgreSQL takes no entries; the journal keeps them");
  }

  #committed(message: Extract<FromWriter, { kind: "committed" }>): void {
    this.#metrics.committed.inc(message.entries - message.deadLetters);
    this.#metrics.deadLetters.inc(message.deadLetters);
    this.#metrics.writeSeconds.observe(message.writeMs / 1_000);
    const own = message.journalId === this.#directory.id;
    const recovered = this.#commits.noteCommitted({ ...message, position: own ? message.position : null });
    if (recovered) log.info("audit writer: PostgreSQL takes entries again");
    if (own) this.#journal.releaseUpTo(message.position);
  }

  #drained(message: Extract<FromWriter, { kind: "drained" }>): void {
    this.#metrics.interrupted.inc(message.interrupted);
    void this.#orphans.drained(message);
  }

  /** Journals of processes with the same data folder that died meanwhile. */
  async adoptOrphans(): Promise<void> {
    try {
      for (const ref of await this.#orphans.adopt()) this.#thread.adopt(ref);
    } catch (error) {
      log.warn({ err: error }, "audit pipeline: looking for journals without an owner failed");
    }
  }
}

/** Whether the gateway itself ended the call before a role allowed it: it reached no cluster. */
const wasRefused = ({ role, stage, result }: KubeRequestEntry): boolean =>
  role === null && stage === "complete" && result === "failure";

function databaseUrlOf(pool: pg.Pool): string {
  const url = pool.options.connectionString;
  if (!url) throw new Error("startAuditPipeline: the pool was made without a connection string");
  return url;
}
