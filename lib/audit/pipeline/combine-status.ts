import type { SinkStatus } from "../sinks/sink.ts";
import type { AuditStatus } from "./status.ts";

/**
 * How the pipelines of several processes on one data folder do together; there is at least one. `processes`: what is wrong with the processes
 * themselves, a sentence each.
 */
export function combineStatus(
  statuses: readonly AuditStatus[],
  processes: readonly string[] = [],
): AuditStatus {
  const sum = (read: (status: AuditStatus) => number) =>
    statuses.reduce((total, each) => total + read(each), 0);
  const latest = <T extends number | string>(read: (status: AuditStatus) => T | null): T | null =>
    statuses.map(read).reduce(later, null);
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
    orphans: statuses.flatMap(({ orphans }) => orphans),
    setAside: [...setAside.values()],
    unrecorded: {
      refused: sum(({ unrecorded }) => unrecorded.refused),
      lost: sum(({ unrecorded }) => unrecorded.lost),
    },
    writerError: statuses.find(({ writerError }) => writerError !== null)?.writerError ?? null,
    sinks: combineSinks(statuses.flatMap(({ sinks }) => sinks)),
    processes,
  };
}

const later = <T extends number | string>(a: T | null, b: T | null): T | null =>
  a === null || (b !== null && b > a) ? b : a;

/** Of those with one name, which several processes have, one that does as badly as the worst of them. */
function combineSinks(sinks: readonly SinkStatus[]): SinkStatus[] {
  const byName = new Map<string, SinkStatus>();
  for (const sink of sinks) {
    const other = byName.get(sink.name);
    byName.set(sink.name, other === undefined ? sink : combineTwo(other, sink));
  }
  return [...byName.values()];
}

const WORSE = ["well", "late", "failing"];

function combineTwo(a: SinkStatus, b: SinkStatus): SinkStatus {
  const worse = WORSE.indexOf(b.health) > WORSE.indexOf(a.health) ? b : a;
  return {
    ...worse,
    cursors: a.cursors.map(({ surface, lastNo }) => {
      const other = b.cursors.find((cursor) => cursor.surface === surface);
      return { surface, lastNo: later(lastNo, other?.lastNo ?? null) };
    }),
    lag: {
      records: a.lag.records + b.lag.records,
      seconds: Math.max(a.lag.seconds, b.lag.seconds),
    },
  };
}
