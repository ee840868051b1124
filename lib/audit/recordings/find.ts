import { AppError } from "../../errors.ts";
import { readAudit } from "../query/audit-query.ts";
import { findRowsById } from "../query/find-rows.ts";
import type { AuditScope } from "../query/scope.ts";
import type { RunSql } from "../store/sql.ts";
import { type RecordingRow, toEntries } from "./entries.ts";
import type { RecordingEntry } from "./schema.ts";
import { RECORDING_SURFACE } from "./surface.ts";

interface OneRecording {
  scope: AuditScope;
  recordingId: string;
}

/** Another person's recording and none at all look the same from outside. */
export const noSuchRecording = (recordingId: string) =>
  new AppError(
    "not_found",
    `There is no recording ${recordingId}, or it is not yours to see, or its time of retention is over.`,
  );

/** The row of a recording, within the scope; null while its session runs, and where there is none (any more). */
export async function findRecordingRow(
  run: RunSql,
  { scope, recordingId }: OneRecording,
): Promise<RecordingRow | null> {
  const wanted = { surface: RECORDING_SURFACE, column: "recording_id", id: recordingId, limit: 1 };
  const [row] = await findRowsById(run, { ...wanted, scope });
  return (row as RecordingRow | undefined) ?? null;
}

/** The same as an entry. Writes no event: whoever shows what belongs to a recording says as what it was looked at. */
export function findRecording(input: OneRecording): Promise<RecordingEntry | null> {
  return readAudit(async (run) => {
    const row = await findRecordingRow(run, input);
    return row ? ((await toEntries(run, [row]))[0] ?? null) : null;
  });
}
