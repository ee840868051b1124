/** Numbers that the gateway's thread and the writer's thread share (BigInt64Array). */
export const SHARED = {
  /** Position up to which the process's own journal is durable. */
  durablePosition: 0,
  /** Frames that have been made durable since its start, and how many of them are entries. */
  durableFrames: 1,
  durableEntries: 2,
  /** The writer wants to be woken when the one or the other reaches this; the highest number: it does not wait for it. */
  wakeAtFrames: 3,
  wakeAtEntries: 4,
} as const;
export const SHARED_NUMBERS = 5;

/** What is counted, and where the writer says which count it waits for. */
export const COUNTS = {
  frames: { durable: SHARED.durableFrames, wakeAt: SHARED.wakeAtFrames },
  entries: { durable: SHARED.durableEntries, wakeAt: SHARED.wakeAtEntries },
} as const;
export const AWAKE = 2n ** 63n - 1n;

export interface JournalRef {
  id: string;
  directory: string;
}

export interface ThreadData {
  databaseUrl: string;
  shared: SharedArrayBuffer;
  own: JournalRef;
  /** Journals of earlier starts, oldest first. */
  orphans: JournalRef[];
}

/** To the writer: `wake`: there is work; `flush`: without waiting for a full batch; `stop`: write what is durable, then end. */
export type ToWriter = { kind: "wake" | "flush" | "stop" } | { kind: "adopt"; journal: JournalRef };

export type FromWriter =
  | {
      kind: "committed";
      journalId: string;
      position: number;
      entries: number;
      lastNo: number | null;
      deadLetters: number;
      /** From the first look at the batch to its commit, milliseconds. */
      writeMs: number;
    }
  | { kind: "retrying"; message: string }
  | { kind: "deadLetter"; journalId: string; position: number; message: string }
  /** Bytes of the own journal that were on the disk, and cannot be read any more. */
  | { kind: "damaged"; bytes: number }
  /** An orphan is in the database to its end; its folder is gone, but where some of it could not be read. */
  | { kind: "drained"; journalId: string; interrupted: number; skippedBytes: number; damagedBytes: number }
  /** An orphan's files cannot be read. `waits`: it is tried again. */
  | { kind: "orphanFailed"; journalId: string; message: string; waits: boolean }
  | { kind: "failed"; message: string }
  | { kind: "stopped" };
