import type pg from "pg";
import { REQUEST_AUDIT } from "../columns/request-audit/schema.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import { LEDGER_ID } from "../store/ledger.ts";

const DAY_MS = 24 * 3_600_000;
const START = REQUEST_AUDIT.columns.stage.stored.codes.start;

/** Which of these calls have a row that closes them, by their ids: `complete` has the call's own time, the end of a stream a later one. */
export async function closedCalls(
  pool: pg.Pool,
  intents: readonly Pick<KubeRequestEntry, "callId" | "executedAt">[],
): Promise<ReadonlySet<string>> {
  if (intents.length === 0) return new Set();
  // An end is earlier than its beginning where the clock was set back meanwhile.
  const earliest =
    intents.reduce((least, { executedAt }) => Math.min(least, executedAt), Date.now()) - DAY_MS;
  const { rows } = await pool.query<{ call_id: string }>(
    `SELECT DISTINCT call_id FROM kube_request
     WHERE ledger_id = $1 AND executed_at >= $2 AND call_id = ANY($3::uuid[]) AND stage <> $4`,
    [LEDGER_ID, new Date(earliest), intents.map(({ callId }) => callId), START],
  );
  return new Set(rows.map(({ call_id }) => call_id));
}
