import type { KubeRequestEntry } from "../entry/entry.ts";

/** `late`: the journal has the entry, but with `audit.sync` PostgreSQL did not take it within the time that is waited. */
export type Recorded = "recorded" | "late";

export interface RecordOptions {
  /** Whether reads are recorded of the role that allowed the call; null, or left out: as `audit.reads` says. */
  auditReads?: boolean | null;
}

/** That a call is about to be made, on its way to the disk. */
export interface Intent {
  readonly isDurable: boolean;
  /** Calls once it is on the disk, at once where it is there, or with why it never will be. */
  whenDurable(listener: (error: Error | null) => void): void;
}

/** Told once: that the entry may be taken for recorded, or why it is not. */
export type RecordDone = (result: Recorded | Error) => void;

/**
 * The door of the audit pipeline, as the gateway sees it (the pipeline's start-up returns one).
 * Nothing goes unrecorded: an error means that the entry is not on the record, and no answer of a cluster's may be passed on.
 */
export interface Recorder {
  /** Whether calls may be taken at all. When the journal is full, `reason` is the message of the 503 Status. */
  admission(): { admitted: true } | { admitted: false; reason: string };
  /**
   * The intent of a call, before it is forwarded: what changes something, and sessions, wait until it is durable. Closed by the `complete` or `end`
   * entry with the same `callId`; a crash leaves it open and the next start closes it as `interrupted`. A read that is not to be recorded has
   * one that is durable from the beginning.
   * @throws where the journal takes nothing, with the reason that `admission` gives, or the entry is none.
   */
  recordIntent(entry: KubeRequestEntry, options?: RecordOptions): Intent;
  /**
   * Tells `done` when the last byte of the response may be released; it may do so before it returns. Of a call with an intent that is when the intent is on the
   * disk and the entry with the operating system; without one, or with `audit.durability` flushed, when the entry is on the disk. Reads with relaxed wait for no disk. With `audit.sync`, a
   * mutating call also waits for the commit in Postgres, for a bounded time: what was carried out cannot be refused any more. While `admission` refuses,
   * entries of calls that were ended before a role allowed them are counted together, for Event History, and fail.
   */
  recordEntry(entry: KubeRequestEntry, options: RecordOptions | undefined, done: RecordDone): void;
}

/** `recordEntry` as a promise, for those off the hot path; rejects where the entry is not on the record. */
export function entryRecorded(
  recorder: Recorder,
  entry: KubeRequestEntry,
  options?: RecordOptions,
): Promise<Recorded> {
  return new Promise((resolve, reject) =>
    recorder.recordEntry(entry, options, (result) =>
      result instanceof Error ? reject(result) : resolve(result),
    ),
  );
}

/** Resolves when the intent of a call is on the disk; rejects where it will not be. */
export function intentRecorded(
  recorder: Recorder,
  entry: KubeRequestEntry,
  options?: RecordOptions,
): Promise<void> {
  return new Promise((resolve, reject) =>
    recorder
      .recordIntent(entry, options)
      .whenDurable((error) => (error === null ? resolve() : reject(error))),
  );
}
