/** How the audit pipeline of this process does. */
export interface AuditStatus {
  admission: { admitted: true } | { admitted: false; reason: string };
  /** All journals on the disk that this process holds. */
  journalBytes: number;
  journalMaxBytes: number;
  /** Of this process's own journal: durable, but not in PostgreSQL yet. */
  unwrittenBytes: number;
  /** Age of what waits longest for PostgreSQL, 0 when nothing does. */
  lagMs: number;
  openIntents: number;
  /** The last number that this process wrote; null before the first. */
  lastNo: number | null;
  lastCommittedAt: Date | null;
  deadLetters: number;
  /** Journals of earlier starts that are still to be written. */
  orphanJournals: number;
  /** Why PostgreSQL takes nothing at the moment; null while it does. */
  writerError: string | null;
}
