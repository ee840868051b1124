import { LEDGER_ID, type LedgerStream } from "../store/ledger.ts";
import type { RunSql } from "../store/sql.ts";

/** The number of the newest entry that this snapshot sees; 0 when there is none. */
export async function lastNoOf(run: RunSql, stream: LedgerStream): Promise<number> {
  const rows = await run<{ last_no: number }>(
    "SELECT last_no FROM audit_ledger WHERE ledger_id = $1::smallint AND stream = $2::text",
    [LEDGER_ID, stream],
  );
  return rows[0]?.last_no ?? 0;
}
