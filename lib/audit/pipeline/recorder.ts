import type { KubeRequestEntry } from "../entry/entry.ts";

/** `late`: the journal has the entry, but with `audit.sync` PostgreSQL did not take it within the time that is waited. */
export type Recorded = "recorded" | "late";

export interface RecordOptions {
  /** Whether reads are recorded of the role that allowed the call; null, or left out: as `audit.reads` says. */
  auditReads?: boolean | null;
}

/**
 * The door of the audit pipeline, as the gateway sees it (the pipeline's start-up returns one).
 * Nothing goes unrecorded: a rejected promise means that the entry is not durable, and no answer of a cluster's may be passed on.
 */
export interface Recorder {
  /** Whether calls may be taken at all. When the journal is full, `reason` is the message of the 503 Status. */
  admission(): { admitted: true } | { admitted: false; reason: string };
  /**
   * Durable intent of a mutating call or a session, before it is forwarded. Closed by the `complete` or `end` entry with the same
   * `callId`; a crash leaves it open and the next start closes it as `interrupted`.
   */
  recordIntent(entry: KubeRequestEntry, options?: RecordOptions): Promise<void>;
  /**
   * Resolves when the entry is durable (group commit), before the last byte of the response is released. With `audit.sync`, a mutating call
   * also waits for the commit in Postgres, for a bounded time: what was carried out cannot be refused any more. While `admission` refuses,
   * entries of calls that were ended before a role allowed them are counted together, for Event History, and rejected.
   */
  recordEntry(entry: KubeRequestEntry, options?: RecordOptions): Promise<Recorded>;
}
