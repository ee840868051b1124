import type { RunSql } from "../store/sql.ts";
import type { RequestAuditDetail } from "./schema.ts";

/** What there is of a call's recording: null where it has none, or its time of retention is over. */
export async function readRecordingState(
  run: RunSql,
  recordingId: string | null,
): Promise<RequestAuditDetail["recording"]> {
  if (recordingId === null) return null;
  const [found] = await run<{ ended: boolean; running: boolean }>(
    `SELECT EXISTS (SELECT FROM recording WHERE recording_id = $1::uuid) AS ended,
       EXISTS (SELECT FROM recording_running WHERE recording_id = $1::uuid) AS running`,
    [recordingId],
  );
  if (found?.ended) return "ended";
  return found?.running ? "running" : null;
}
