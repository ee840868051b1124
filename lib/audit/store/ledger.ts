import type { RunSql } from "./sql.ts";

/** The one ledger there is until an installation is spread over several. */
export const LEDGER_ID = 0;

/** What is numbered: Request Audit's No, Event History's Event ID and Pod Session Recordings' No. */
export type LedgerStream = "kube_request" | "audit_event" | "recording";

/** What people call a stream. */
export const SURFACE_OF = {
  kube_request: "Request Audit",
  audit_event: "Event History",
  recording: "Pod Session Recordings",
} as const;
export type SurfaceName = (typeof SURFACE_OF)[LedgerStream];

/**
 * Takes the next `count` numbers in the caller's transaction. The ledger's row stays locked until that transaction ends: numbers
 * are gap-free, and their order is the order of commits. Whoever takes numbers of several streams takes those of
 * `recording` first, then `kube_request`, and touches counters only after, so that transactions never wait for each other in a circle.
 */
export async function takeNumbers(
  run: RunSql,
  stream: LedgerStream,
  count: number,
): Promise<{ first: number }> {
  const rows = await run<{ last_no: bigint | number }>(
    `UPDATE audit_ledger SET last_no = last_no + $3::int WHERE ledger_id = $1::int AND stream = $2::text
     RETURNING last_no`,
    [LEDGER_ID, stream, count],
  );
  if (!rows[0]) throw new Error(`audit_ledger has no row of ledger ${LEDGER_ID}, stream ${stream}`);
  return { first: Number(rows[0].last_no) - count + 1 };
}
