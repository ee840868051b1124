import type { AuditScope } from "../../audit/query/scope.ts";
import type { RunSql } from "../../audit/store/sql.ts";
import { RecordedSession } from "../recorded-session.ts";

/** A row of `recording_running`. */
export interface RunningRow {
  session: RecordedSession;
  endRequestedBy: string | null;
}

/** More at once than an installation has; the newest are told. */
const MOST_RUNNING = 1_000;

/** The sessions under way within the scope, newest first; with an id, that one alone. */
export async function readRunningRows(
  run: RunSql,
  { scope, recordingId = null }: { scope: AuditScope; recordingId?: string | null },
): Promise<RunningRow[]> {
  const [actorKind, actorId] = scope.kind === "all" ? [null, null] : [scope.actorKind, scope.actorId];
  const rows = await run<{ entry: unknown; endRequestedBy: string | null }>(
    `SELECT entry, end_requested_by AS "endRequestedBy" FROM recording_running
     WHERE ($1::uuid IS NULL OR recording_id = $1::uuid)
       AND ($2::text IS NULL OR (entry #>> '{actor,kind}' = $2::text AND entry #>> '{actor,id}' = $3::text))
     ORDER BY started_at DESC, recording_id LIMIT ${MOST_RUNNING}`,
    [recordingId, actorKind, actorId],
  );
  return rows.map(({ entry, endRequestedBy }) => ({ session: RecordedSession.parse(entry), endRequestedBy }));
}
