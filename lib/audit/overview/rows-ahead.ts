import type { LedgerStream } from "../store/ledger.ts";
import { PARTITIONED_TABLES } from "../store/partitions.ts";
import type { RunSql } from "../store/sql.ts";
import type { RowsAhead } from "./schema.ts";

/** Clocks of machines that keep time differ by less. */
const TOLERANCE = "1 minute";
const MAX_COUNTED = 10_000;
const SECOND_MS = 1_000;

/**
 * Rows that are dated after now: of a clock that went fast. They are in no window that ends now. Null where there are none; counted to 10,000.
 */
export async function findRowsAhead(run: RunSql, stream: LedgerStream): Promise<RowsAhead | null> {
  const { column } = PARTITIONED_TABLES.find(({ table }) => table === stream)!;
  const [found] = await run<{ count: number; first: Date | null; last: Date | null }>(
    `SELECT count(*) AS count, min(at) AS first, max(at) AS last
     FROM (SELECT ${column} AS at FROM ${stream} WHERE ${column} > now() + interval '${TOLERANCE}' LIMIT ${MAX_COUNTED}) AS ahead`,
    [],
  );
  if (!found?.first || !found.last) return null;
  // The window that shows them: its end is not in it.
  const to = new Date((Math.floor(found.last.getTime() / SECOND_MS) + 1) * SECOND_MS);
  return { count: found.count, from: found.first.toISOString(), to: to.toISOString() };
}
