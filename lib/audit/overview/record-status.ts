import { processState } from "../../process-state.ts";
import { startOfDay } from "../partitions.ts";
import { readAudit } from "../query/audit-query.ts";
import { lastNoOf } from "../query/last-no.ts";
import { DAY_MS, HOUR_MS } from "../query/surface.ts";
import { firstKeptDay } from "../retention.ts";
import type { AuditScope } from "../scope.ts";
import type { RunSql } from "../sql.ts";
import type { RecordStatus } from "./schema.ts";

const CHECK_EVERY_MS = 60_000;
/** Everything is counted again this often: what was whole an hour ago need not be now. */
const COUNT_ALL_EVERY_MS = HOUR_MS;
const ANSWER_MS = 60_000;

interface Check {
  status: Omit<RecordStatus["record"], "keptFrom">;
  /** Numbers up to here were counted, and found whole. */
  wholeUpTo: number;
  at: number;
  allCountedAt: number;
}

const state = processState("audit/record-status", () => ({
  last: null as Check | null,
  running: null as Promise<Check> | null,
}));

/**
 * Whether the record is whole: as many rows are there as numbers were given since the oldest that is kept. Counted anew every hour, and what
 * has come since then every minute. `scope` shows that somebody is signed in; the answer is the same for all. `retentionDays` 0 keeps
 * everything.
 */
export async function getRecordStatus(input: {
  scope: AuditScope;
  retentionDays: number;
}): Promise<RecordStatus> {
  const status = await checkedStatus();
  return { record: { ...status, keptFrom: keptFrom(input.retentionDays, new Date()) } };
}

function keptFrom(retentionDays: number, now: Date): string | null {
  return retentionDays === 0 ? null : new Date(startOfDay(firstKeptDay(retentionDays, now))).toISOString();
}

async function checkedStatus(): Promise<Check["status"]> {
  const { last } = state;
  if (last && Date.now() - last.at < CHECK_EVERY_MS) return last.status;
  state.running ??= runCheck(last).finally(() => {
    state.running = null;
  });
  return (await state.running).status;
}

async function runCheck(last: Check | null): Promise<Check> {
  const at = Date.now();
  const countAll = !last?.status.intact || at - last.allCountedAt > COUNT_ALL_EVERY_MS;
  const { base, lastNo, rows } = await readAudit(async (run) => {
    const base = countAll ? await oldestNumber(run) : last.wholeUpTo;
    return { base, lastNo: await lastNoOf(run, "kube_request"), rows: await countAbove(run, base) };
  }, ANSWER_MS);
  const intact = rows === lastNo - base;
  state.last = {
    status: { lastNo, checkedAt: new Date(at).toISOString(), intact },
    wholeUpTo: intact ? lastNo : 0,
    at,
    allCountedAt: countAll ? at : (last?.allCountedAt ?? at),
  };
  return state.last;
}

/**
 * The number that counting starts above. Retention drops whole days, and around midnight the numbers of two days are mixed: after it has, the
 * first hour of the oldest day is left out.
 */
async function oldestNumber(run: RunSql): Promise<number> {
  const [first] = await run<{ first_no: number | null; first_at: Date | null }>(
    "SELECT min(no) AS first_no, min(executed_at) AS first_at FROM kube_request",
    [],
  );
  if (!first?.first_at || first.first_no === null) return 0;
  if (first.first_no === 1) return 0;
  const day = Math.floor(first.first_at.getTime() / DAY_MS) * DAY_MS;
  const [edge] = await run<{ no: number | null }>(
    "SELECT max(no) AS no FROM kube_request WHERE executed_at < $1::timestamptz",
    [new Date(day + HOUR_MS).toISOString()],
  );
  return edge?.no ?? first.first_no - 1;
}

async function countAbove(run: RunSql, base: number): Promise<number> {
  const [row] = await run<{ rows: number }>(
    "SELECT count(*) AS rows FROM kube_request WHERE no > $1::bigint",
    [base],
  );
  return row?.rows ?? 0;
}
