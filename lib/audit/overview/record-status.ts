import { setTimeout } from "node:timers/promises";
import { processState } from "../../process-state.ts";
import { auditStatus, troublesOf } from "../pipeline/status.ts";
import { readAudit } from "../query/audit-query.ts";
import type { AuditScope } from "../query/scope.ts";
import { firstKeptDay } from "../retention/retention.ts";
import { LEDGER_ID, type LedgerStream, SURFACE_OF } from "../store/ledger.ts";
import { NUMBERED_TABLES, PARTITIONS_LOCK, startOfDay } from "../store/partitions.ts";
import type { RunSql } from "../store/sql.ts";
import {
  countPartitions,
  describePartitions,
  NOTHING_COUNTED,
  type Partition,
  type PartitionCounts,
} from "./count-partitions.ts";
import { findRowsAhead } from "./rows-ahead.ts";
import type { RecordStatus } from "./schema.ts";

/** A row that is gone is found within a minute of being gone, while somebody looks. */
const CHECK_EVERY_MS = 30_000;
const ANSWER_MS = 60_000;
/** For the days that are to be counted anew, a surface; what is left has its turn at the next check. */
const BUDGET_MS = 10_000;
/** Between two looks where the first finds a gap: a day may have been dropped between the parts of a look. */
const SECOND_LOOK_MS = 250;

type Record = RecordStatus["record"];
type Checked = Omit<Record, "keptFrom" | "troubles" | "sinks">;

interface Check {
  status: Checked;
  at: number;
}

const state = processState("audit/record-status", () => ({
  last: null as Check | null,
  running: null as Promise<Check> | null,
  counts: new Map<LedgerStream, PartitionCounts>(),
}));

/**
 * What is known of the record's state: whether every number that was given has its row, or was dropped by retention, of every surface; which rows are dated
 * ahead; and what is wrong with the way into it. Checked when somebody asks, at most twice a minute. `scope` shows that somebody is signed in; the answer
 * is the same for all. `retentionDays` 0 keeps everything.
 */
export async function getRecordStatus(input: {
  scope: AuditScope;
  retentionDays: number;
}): Promise<RecordStatus> {
  const checked = await checkedStatus();
  const pipeline = auditStatus();
  const troubles = pipeline ? troublesOf(pipeline) : [];
  const sinks = (pipeline?.sinks ?? []).map(({ title, health, cursors, lag }) => ({
    title,
    health,
    cursors,
    lag,
  }));
  return { record: { ...checked, troubles, sinks, keptFrom: keptFrom(input.retentionDays, new Date()) } };
}

function keptFrom(retentionDays: number, now: Date): string | null {
  return retentionDays === 0 ? null : new Date(startOfDay(firstKeptDay(retentionDays, now))).toISOString();
}

async function checkedStatus(): Promise<Checked> {
  const { last } = state;
  if (last && Date.now() - last.at < CHECK_EVERY_MS) return last.status;
  state.running ??= check().finally(() => {
    state.running = null;
  });
  return (await state.running).status;
}

async function check(): Promise<Check> {
  const at = Date.now();
  let surfaces = await look();
  if (surfaces?.some(({ missing }) => missing !== null && missing !== 0)) {
    await setTimeout(SECOND_LOOK_MS);
    surfaces = await look();
  }
  // Retention is dropping a day: what was known a moment ago still is.
  if (!surfaces && state.last) return state.last;
  const found = surfaces ?? [];
  const gapless =
    !surfaces || found.some(({ missing }) => missing === null)
      ? null
      : found.every(({ missing }) => missing === 0);
  const lastNo = found.find(({ surface }) => surface === "Request Audit")?.lastNo ?? 0;
  state.last = { status: { lastNo, checkedAt: new Date(at).toISOString(), gapless, surfaces: found }, at };
  return state.last;
}

/** Null while a day is being dropped: its rows are neither there nor counted as dropped. */
async function look(): Promise<Record["surfaces"] | null> {
  const partitions = await readAudit(async (run) => {
    const found: Partition[][] = [];
    for (const stream of NUMBERED_TABLES) found.push(await describePartitions(run, stream));
    return found;
  });
  return readAudit(async (run) => {
    const [lock] = await run<{ taken: boolean }>("SELECT pg_try_advisory_xact_lock_shared($1) AS taken", [
      PARTITIONS_LOCK,
    ]);
    if (!lock?.taken) return null;
    const surfaces: Record["surfaces"] = [];
    for (const [index, stream] of NUMBERED_TABLES.entries())
      surfaces.push(await lookAt(run, stream, partitions[index]!));
    return surfaces;
  }, ANSWER_MS);
}

async function lookAt(
  run: RunSql,
  stream: LedgerStream,
  there: Partition[],
): Promise<Record["surfaces"][number]> {
  const { lastNo, dropped } = await readLedger(run, stream);
  const known = state.counts.get(stream) ?? NOTHING_COUNTED;
  const { counts, rows, pending } = await countPartitions(run, stream, {
    there,
    known,
    lastNo,
    budgetMs: BUDGET_MS,
  });
  state.counts.set(stream, counts);
  const missing = pending > 0 ? null : lastNo - dropped - rows;
  return { surface: SURFACE_OF[stream], lastNo, missing, ahead: await findRowsAhead(run, stream) };
}

async function readLedger(run: RunSql, stream: LedgerStream): Promise<{ lastNo: number; dropped: number }> {
  const [row] = await run<{ last_no: number; dropped: number }>(
    "SELECT last_no, dropped FROM audit_ledger WHERE ledger_id = $1::smallint AND stream = $2::text",
    [LEDGER_ID, stream],
  );
  return { lastNo: row?.last_no ?? 0, dropped: row?.dropped ?? 0 };
}
