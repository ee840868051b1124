import { AppError } from "../../errors.ts";
import { findRowsById } from "../query/find-rows.ts";
import type { AuditScope } from "../query/scope.ts";
import type { RunSql } from "../store/sql.ts";
import type { RecordingRow } from "./entries.ts";
import { RECORDING_SURFACE } from "./surface.ts";

/** Another person's recording and none at all look the same from outside. */
export const noSuchRecording = (recordingId: string) =>
  new AppError(
    "not_found",
    `There is no recording ${recordingId}, or it is not yours to see, or its time of retention is over.`,
  );

/**
 * The row of a recording, within the scope; null while its session runs, and where there is none (any more). Writes no event: whoever shows what
 * belongs to a recording says as what it was looked at.
 */
export async function findRecordingRow(
  run: RunSql,
  { scope, recordingId }: { scope: AuditScope; recordingId: string },
): Promise<RecordingRow | null> {
  const wanted = { surface: RECORDING_SURFACE, column: "recording_id", id: recordingId, limit: 1 };
  const [row] = await findRowsById(run, { ...wanted, scope });
  return (row as RecordingRow | undefined) ?? null;
}
