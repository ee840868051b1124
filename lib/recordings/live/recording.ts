import { readAudit } from "../../audit/query/audit-query.ts";
import { recordView } from "../../audit/query/record-read.ts";
import type { AuditScope } from "../../audit/query/scope.ts";
import { toEntries } from "../../audit/recordings/entries.ts";
import { findRecordingRow, noSuchRecording } from "../../audit/recordings/find.ts";
import type { RunSql } from "../../audit/store/sql.ts";
import type { Context } from "../../context.ts";
import { readRunningRows } from "./running-row.ts";
import { viewRunning } from "./running-sessions.ts";
import type { RecordingDetail } from "./schema.ts";

/**
 * One recording within the scope: what runs, or the row and whether it can be played. Looking at it is itself an event.
 * @throws AppError `not_found`, also for another person's to whoever sees only their own.
 */
export async function getRecording({
  ctx,
  scope,
  input,
}: {
  ctx: Context;
  scope: AuditScope;
  input: { id: string };
}): Promise<RecordingDetail> {
  const detail = await readAudit((run) => readDetail(run, scope, input.id));
  if (detail === null) throw noSuchRecording(input.id);
  await recordView(ctx, "Recording", input.id);
  return detail;
}

async function readDetail(
  run: RunSql,
  scope: AuditScope,
  recordingId: string,
): Promise<RecordingDetail | null> {
  const running = await readRunningRows(run, { scope, recordingId });
  if (running.length > 0) {
    const [session = null] = await viewRunning(run, running);
    return { entry: null, running: session, state: "running", problem: null };
  }
  const row = await findRecordingRow(run, { scope, recordingId });
  if (row === null) return null;
  const [entry = null] = await toEntries(run, [row]);
  return { entry, running: null, ...(await readPreparation(run, recordingId, row.started_at)) };
}

/** How far the making of its playback has come. */
async function readPreparation(
  run: RunSql,
  recordingId: string,
  startedAt: Date,
): Promise<Pick<RecordingDetail, "state" | "problem">> {
  const [found] = await run<{ ready: boolean; underWay: boolean; error: string | null }>(
    `SELECT EXISTS (SELECT FROM recording_playback WHERE started_at = $2::timestamptz AND recording_id = $1::uuid) AS ready,
       job.recording_id IS NOT NULL AND job.not_before < 'infinity' AS "underWay", job.error
     FROM (SELECT) AS one LEFT JOIN recording_render job ON job.recording_id = $1::uuid`,
    [recordingId, startedAt.toISOString()],
  );
  if (found?.ready) return { state: "ready", problem: null };
  if (found?.underWay) return { state: "preparing", problem: found.error };
  return { state: "failed", problem: found?.error ?? "Its playback is not there, and nobody is making it." };
}
