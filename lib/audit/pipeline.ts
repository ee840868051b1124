import type pg from "pg";
import { type Registry, register } from "prom-client";
import { log } from "../log.ts";
import { checkedEntry } from "./check-entry.ts";
import { type KubeRequestEntry, MUTATING_VERBS } from "./entry.ts";
import {
  adoptOrphans,
  createJournalDirectory,
  type JournalDirectory,
  removeJournalDirectory,
} from "./journal/directory.ts";
import { Journal } from "./journal/journal.ts";
import { journalBytes } from "./journal/segment.ts";
import { type AuditMetrics, registerAuditMetrics } from "./metrics.ts";
import type { Recorded, Recorder } from "./recorder.ts";
import { startRetention } from "./retention.ts";
import type { AuditStatus } from "./status.ts";
import { CommitTracker } from "./writer/commit-tracker.ts";
import { forgetPosition } from "./writer/journal-position.ts";
import type { FromWriter, JournalRef } from "./writer/thread-protocol.ts";
import { WriterThread } from "./writer/writer-thread.ts";

/** What the pipeline takes of the configuration. */
export interface AuditPipelineConfig {
  /** The data folder; the journal is in `journal/` below it. */
  data: string;
  audit: {
    sync: boolean;
    durability: "strict" | "relaxed";
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
  /** Longest that a call waits for PostgreSQL with `audit.sync`, milliseconds; ten seconds where it is left out. */
  syncWaitMs?: number;
}

export interface AuditPipeline {
  recorder: Recorder;
  /** Writes what is in the journal to the database, at most ten seconds long; what is left, the next start writes. */
  drain(): Promise<void>;
  status(): AuditStatus;
}

const DRAIN_MS = 10_000;
const ADOPT_EVERY_MS = 60_000;
const SYNC_WAIT_MS = 10_000;
const READ_VERBS: ReadonlySet<string> = new Set(["get", "list", "watch"]);

/**
 * Starts the audit pipeline: opens a journal, adopts those that earlier starts left, and starts the writer's thread and the retention.
 * Needs a migrated database, but takes calls also while that is away.
 */
export async function startAuditPipeline(options: AuditPipelineOptions): Promise<AuditPipeline> {
  const pipeline = await Pipeline.open(options);
  return {
    recorder: pipeline,
    drain: () => pipeline.drain(),
    status: () => pipeline.status(),
  };
}

interface HeldJournal {
  directory: JournalDirectory;
  bytes: number;
}

async function holdOrphans(data: string): Promise<HeldJournal[]> {
  const directories = await adoptOrphans(data);
  return Promise.all(
    directories.map(async (directory) => ({ directory, bytes: await journalBytes(directory.path) })),
  );
}

const refOf = ({ id, path }: JournalDirectory): JournalRef => ({ id, directory: path });

class Pipeline implements Recorder {
  readonly #options: AuditPipelineOptions;
  readonly #directory: JournalDirectory;
  readonly #journal: Journal;
  readonly #thread: WriterThread;
  readonly #commits = new CommitTracker();
  readonly #orphans: Map<string, HeldJournal>;
  readonly #metrics: AuditMetrics;
  readonly #retention: { stop(): void };
  readonly #adopting: NodeJS.Timeout;

  static async open(options: AuditPipelineOptions): Promise<Pipeline> {
    const { data, audit } = options.config;
    const orphans = new Map((await holdOrphans(data)).map((held) => [held.directory.id, held]));
    const directory = await createJournalDirectory(data);
    // The journal and the pipeline know of each other; no frame comes before both are there.
    const journal = await Journal.open({
      directory: directory.path,
      durability: audit.durability,
      maxBytes: audit.journal.maxBytes,
      otherBytes: () => orphans.values().reduce((sum, { bytes }) => sum + bytes, 0),
      onDurable: (durable) => pipeline.#becameDurable(durable),
    });
    const pipeline: Pipeline = new Pipeline(options, directory, journal, orphans);
    return pipeline;
  }

  private constructor(
    options: AuditPipelineOptions,
    directory: JournalDirectory,
    journal: Journal,
    orphans: Map<string, HeldJournal>,
  ) {
    this.#options = options;
    this.#directory = directory;
    this.#journal = journal;
    this.#orphans = orphans;
    this.#metrics = registerAuditMetrics(options.registry ?? register, () => this.status());
    this.#thread = new WriterThread({
      databaseUrl: databaseUrlOf(options.pool),
      own: refOf(directory),
      orphans: Array.from(orphans.values(), (held) => refOf(held.directory)),
      onMessage: (message) => this.#receive(message),
    });
    this.#retention = startRetention(options.pool, options.config.audit.retentionDays);
    this.#adopting = setInterval(() => this.#adopt(), ADOPT_EVERY_MS);
    this.#adopting.unref();
  }

  admission(): AuditStatus["admission"] {
    return this.#journal.admission();
  }

  async recordIntent(entry: KubeRequestEntry): Promise<void> {
    if (!this.#options.config.audit.reads && READ_VERBS.has(entry.verb)) return;
    await this.#counted(this.#journal.appendIntent(checkedEntry(entry)));
  }

  async recordEntry(entry: KubeRequestEntry): Promise<Recorded> {
    const { reads, sync } = this.#options.config.audit;
    // Denied and failed reads stay on the record: the setting saves volume, it hides no attempt.
    if (!reads && READ_VERBS.has(entry.verb) && entry.result === "success") return "recorded";
    const position = await this.#counted(this.#journal.appendEntry(checkedEntry(entry)));
    this.#metrics.recorded.inc();
    if (!sync || !MUTATING_VERBS.has(entry.verb)) return "recorded";
    this.#thread.flush();
    const waitMs = this.#options.syncWaitMs ?? SYNC_WAIT_MS;
    if (await this.#commits.waitFor(position, waitMs)) return "recorded";
    log.warn(
      { callId: entry.callId },
      `audit.sync: PostgreSQL has not taken a call's entry within ${waitMs / 1_000} s; the journal has it`,
    );
    return "late";
  }

  status(): AuditStatus {
    const { position, lastNo, lastCommittedAt, deadLetters, error } = this.#commits;
    const orphanBytes = this.#orphans.values().reduce((sum, { bytes }) => sum + bytes, 0);
    return {
      admission: this.admission(),
      journalBytes: this.#journal.bytes + orphanBytes,
      journalMaxBytes: this.#options.config.audit.journal.maxBytes,
      unwrittenBytes: Math.max(0, this.#journal.durablePosition - position),
      lagMs: this.#commits.lagMs(),
      openIntents: this.#journal.openIntents,
      lastNo,
      lastCommittedAt,
      deadLetters,
      orphanJournals: this.#orphans.size,
      writerError: error,
    };
  }

  async drain(): Promise<void> {
    clearInterval(this.#adopting);
    this.#retention.stop();
    await this.#journal.settled();
    await this.#thread.stop(DRAIN_MS);
    const written =
      this.#commits.position >= this.#journal.durablePosition && this.#journal.openIntents === 0;
    await this.#journal.close();
    if (written) await this.#removeJournal();
    this.#directory.release();
    for (const { directory } of this.#orphans.values()) directory.release();
  }

  async #removeJournal(): Promise<void> {
    await removeJournalDirectory(this.#directory.path);
    // A row of a journal that is gone is only a row too many.
    await forgetPosition(this.#options.pool, this.#directory.id).catch((error: Error) =>
      log.warn({ err: error }, "audit pipeline: the journal's position stays in the database"),
    );
  }

  async #counted<T>(appended: Promise<T>): Promise<T> {
    try {
      return await appended;
    } catch (error) {
      this.#metrics.failed.inc();
      throw error;
    }
  }

  #becameDurable(durable: { position: number; frames: number }): void {
    this.#commits.noteDurable(durable.position);
    this.#thread.advance(durable);
  }

  #receive(message: FromWriter): void {
    if (message.kind === "committed") this.#committed(message);
    else if (message.kind === "drained") this.#drained(message);
    else if (message.kind === "retrying") this.#retrying(message.message);
    else if (message.kind === "deadLetter") {
      log.error(message, "audit writer: PostgreSQL refused an entry; it is in audit_dead_letter");
    }
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

  #drained({ journalId, interrupted, skippedBytes }: Extract<FromWriter, { kind: "drained" }>): void {
    this.#metrics.interrupted.inc(interrupted);
    this.#orphans.get(journalId)?.directory.release();
    this.#orphans.delete(journalId);
    log.info(
      { journalId, interrupted, skippedBytes },
      "audit pipeline: a journal of an earlier start is written",
    );
  }

  /** Journals of replicas with the same data folder that died meanwhile. */
  async #adopt(): Promise<void> {
    try {
      for (const held of await holdOrphans(this.#options.config.data)) {
        this.#orphans.set(held.directory.id, held);
        this.#thread.adopt(refOf(held.directory));
      }
    } catch (error) {
      log.warn({ err: error }, "audit pipeline: looking for journals without an owner failed");
    }
  }
}

function databaseUrlOf(pool: pg.Pool): string {
  const url = pool.options.connectionString;
  if (!url) throw new Error("startAuditPipeline: the pool was made without a connection string");
  return url;
}
