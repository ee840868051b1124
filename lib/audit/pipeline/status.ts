import { processState } from "../../process-state.ts";
import type { SetAsideJournal } from "../journal/set-aside.ts";
import type { SinkStatus } from "../sinks/sink.ts";
import type { OrphanStatus } from "./orphan-journals.ts";

/** How the audit pipeline of this process does. Plain JSON: it goes from process to process. */
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
  /** RFC 3339; null before the first. */
  lastCommittedAt: string | null;
  deadLetters: number;
  /** Journals of earlier starts that are still to be written. */
  orphans: readonly OrphanStatus[];
  /** Journals that could not be read to their end. */
  setAside: readonly SetAsideJournal[];
  /** Calls without an entry of their own, since the start: see `UnrecordedCalls`. */
  unrecorded: { refused: number; lost: number };
  /** Why the writer gets nowhere at the moment; null while it does. */
  writerError: string | null;
  /** Every place that the record goes to from here; PostgreSQL first. */
  sinks: readonly SinkStatus[];
  /** What is wrong with the processes that serve calls, and with where recordings are kept, a sentence each: the main process says it of all. */
  processes?: readonly string[];
}

/** What is wrong with the way into the record, a sentence each for anybody to read: no names, no paths, no text of an error. */
export function troublesOf(status: AuditStatus): string[] {
  const troubles: string[] = [];
  if (!status.admission.admitted) troubles.push("calls are refused: the audit journal takes no entries");
  for (const { reason } of status.sinks) if (reason !== null) troubles.push(reason);
  const { setAside, orphans, unrecorded, deadLetters } = status;
  const failing = orphans.filter(({ error }) => error !== null).length;
  if (failing > 0) troubles.push(`${counted(failing, "journal")} of earlier starts cannot be written yet`);
  if (setAside.length > 0)
    troubles.push(
      `${counted(setAside.length, "journal")} could not be read and ${setAside.length === 1 ? "is" : "are"} set aside`,
    );
  if (deadLetters > 0)
    troubles.push(`${counted(deadLetters, "entry", "entries")} refused by PostgreSQL: see audit_dead_letter`);
  if (unrecorded.refused + unrecorded.lost > 0) {
    const { refused, lost } = unrecorded;
    troubles.push(
      `since the start, ${refused} refused calls and ${lost} outcomes have no entry of their own`,
    );
  }
  return [...troubles, ...(status.processes ?? [])];
}

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

const state = processState("audit/status", () => ({ read: null as (() => AuditStatus) | null }));

/** Lets the console's part of the process ask how the pipeline does. */
export function publishAuditStatus(read: () => AuditStatus): void {
  state.read = read;
}

/** How the pipeline of this process does; null where it has none. */
export function auditStatus(): AuditStatus | null {
  return state.read?.() ?? null;
}
