import type { AuditScope } from "../../../audit/query/scope.ts";
import type { RecordingRow } from "../../../audit/recordings/entries.ts";
import { findRecordingRow, noSuchRecording } from "../../../audit/recordings/find.ts";
import type { RunSql } from "../../../audit/store/sql.ts";
import { config } from "../../../config.ts";
import { AppError } from "../../../errors.ts";
import { readRunningRows } from "../../live/running-row.ts";
import { readRenderState } from "../jobs/render-queue.ts";
import { type KeptIndex, openIndex } from "../kept-index.ts";
import type { PlaybackIndex } from "../schema.ts";

export interface PlayableRecording {
  row: RecordingRow;
  index: PlaybackIndex;
}

/** What was given up is tried again, since somebody asks for it; the caller sees to it outside of what reads. */
export class GivenUp extends AppError {
  readonly recordingId: string;

  constructor(recordingId: string, error: string | null) {
    super(
      "conflict",
      `This recording could not be prepared for playback: ${error ?? "nothing is known of why"} It is tried again now; its download has all that was recorded.`,
    );
    this.recordingId = recordingId;
  }
}

/**
 * A recording that can be played, within the scope.
 * @throws AppError `not_found`; `conflict` while its session runs, and where it could not be prepared; `unavailable` while it is being prepared.
 */
export async function findPlayable(
  run: RunSql,
  { scope, recordingId }: { scope: AuditScope; recordingId: string },
): Promise<PlayableRecording> {
  const row = await findRecordingRow(run, { scope, recordingId });
  if (row === null) throw await whyNoRow(run, scope, recordingId);
  const [found] = await run<{ index: KeptIndex }>(
    "SELECT index FROM recording_playback WHERE started_at = $1::timestamptz AND recording_id = $2::uuid",
    [row.started_at.toISOString(), recordingId],
  );
  if (found) return { row, index: openIndex(config().encryption, recordingId, found.index) };
  const state = await readRenderState(run, recordingId);
  if (state === null || state.givenUp) throw new GivenUp(recordingId, state?.error ?? null);
  throw new AppError(
    "unavailable",
    "This recording is being prepared for playback, which takes a few seconds. Try again in a moment.",
    { retryAfterSeconds: 2 },
  );
}

async function whyNoRow(run: RunSql, scope: AuditScope, recordingId: string): Promise<AppError> {
  const running = await readRunningRows(run, { scope, recordingId });
  return running.length === 0
    ? noSuchRecording(recordingId)
    : new AppError("conflict", "This session runs: watch it, and play its recording when it is over.");
}
