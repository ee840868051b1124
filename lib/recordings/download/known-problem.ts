import { readAudit } from "../../audit/query/audit-query.ts";
import type { RecordingKey } from "../recording-reader.ts";

/** What was found wrong with a recording when its playback was made, a sentence; null where nothing was, and where none was made. */
export function knownProblem({ recordingId, startedAt }: RecordingKey): Promise<string | null> {
  return readAudit(async (run) => {
    const [row] = await run<{ problem: string | null }>(
      `SELECT index #>> '{chain,problem}' AS problem FROM recording_playback
       WHERE started_at = $1::timestamptz AND recording_id = $2::uuid`,
      [new Date(startedAt).toISOString(), recordingId],
    );
    return row?.problem ?? null;
  });
}
