import { lastNoOf } from "../audit/query/last-no.ts";
import { LEDGER_ID } from "../audit/store/ledger.ts";
import type { RunSql } from "../audit/store/sql.ts";
import type { StreamStart } from "./schema.ts";
import type { StreamSurface } from "./surfaces/schema.ts";
import { SOURCES } from "./surfaces/sources.ts";

/** Of records of about one time a few have lower numbers than the first: so many are looked at. */
const AROUND = 10_000;

/** Where a stream begins on a surface: behind this number. */
export async function findStart(run: RunSql, surface: StreamSurface, start: StreamStart): Promise<number> {
  const { stream, table, time } = SOURCES[surface].surface;
  const newest = await lastNoOf(run, stream);
  if (start.from === "now") return newest;
  if (start.from === "number") return Math.min((start[surface] ?? newest + 1) - 1, newest);
  const [found] = await run<{ no: number | null }>(
    `SELECT min(no) AS no FROM (
       SELECT no FROM ${table} WHERE ${time} >= $1::timestamptz AND ledger_id = $2::smallint
       ORDER BY ${time}, ledger_id, no LIMIT ${AROUND}
     ) AS early`,
    [new Date(start.time).toISOString(), LEDGER_ID],
  );
  return found?.no == null ? newest : found.no - 1;
}
