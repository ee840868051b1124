import type { AuditStatus } from "./status.ts";

/** How the pipelines of several processes on one data folder do together. There is at least one. */
export function combineStatus(statuses: readonly AuditStatus[]): AuditStatus {
  const sum = (read: (status: AuditStatus) => number) =>
    statuses.reduce((total, each) => total + read(each), 0);
  const latest = <T extends number | Date>(read: (status: AuditStatus) => T | null): T | null =>
    statuses.map(read).reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
  const first = <T>(read: (status: AuditStatus) => T | null) =>
    statuses.map(read).find((value) => value !== null) ?? null;
  const refusing = statuses.find(({ admission }) => !admission.admitted);
  // All of them see the same folder.
  const setAside = new Map(
    statuses.flatMap((each) => each.setAside.map((journal) => [journal.path, journal])),
  );
  return {
    admission: refusing?.admission ?? { admitted: true },
    journalBytes: sum(({ journalBytes }) => journalBytes),
    journalMaxBytes: sum(({ journalMaxBytes }) => journalMaxBytes),
    unwrittenBytes: sum(({ unwrittenBytes }) => unwrittenBytes),
    lagMs: Math.max(...statuses.map(({ lagMs }) => lagMs)),
    openIntents: sum(({ openIntents }) => openIntents),
    lastNo: latest(({ lastNo }) => lastNo),
    lastCommittedAt: latest(({ lastCommittedAt }) => lastCommittedAt),
    deadLetters: sum(({ deadLetters }) => deadLetters),
    orphanJournals: sum(({ orphanJournals }) => orphanJournals),
    orphanError: first(({ orphanError }) => orphanError),
    setAside: [...setAside.values()],
    unrecorded: {
      refused: sum(({ unrecorded }) => unrecorded.refused),
      lost: sum(({ unrecorded }) => unrecorded.lost),
    },
    writerError: first(({ writerError }) => writerError),
  };
}
