import type pg from "pg";
import { onPostgres } from "../../../audit/store/sql.ts";
import type { RecordingKey } from "../../recording-reader.ts";
import type { PlaceName } from "./archive-place.ts";

/** A recording that is to be moved or, with `expired`, to be removed from where it lies. */
export interface ArchiveJob extends RecordingKey {
  expired: boolean;
  /** Where it lies; null where it was not moved. */
  place: PlaceName | null;
  name: string | null;
  attempts: number;
}

export interface ArchiveJobs {
  /** The next one that is due and that no other process is at; null where there is none. */
  take(): Promise<ArchiveJob | null>;
  fail(job: ArchiveJob, error: unknown): Promise<void>;
  /** Nothing is to be done about it any more. */
  forget(job: ArchiveJob): Promise<void>;
  /** Of those that wait, how many have failed before. */
  countFailing(): Promise<number>;
}

/** One that died is followed by another after this time. */
const LEASE = "15 minutes";
/** A recording whose preparation for playback does not end is moved all the same. */
const LONGEST_PREPARATION = "1 hour";
const FIRST_PAUSE_S = 5;
const LONGEST_PAUSE_S = 600;
const MAX_ERROR_LENGTH = 500;

const TAKE = `UPDATE recording_archive SET lease_until = now() + interval '${LEASE}'
  WHERE recording_id = (
    SELECT recording_id FROM recording_archive a
    WHERE (place IS NULL OR expired) AND not_before <= now() AND (lease_until IS NULL OR lease_until < now())
      AND (expired OR asked_at < now() - interval '${LONGEST_PREPARATION}'
        OR NOT EXISTS (SELECT FROM recording_render r WHERE r.recording_id = a.recording_id))
    ORDER BY not_before LIMIT 1 FOR UPDATE SKIP LOCKED
  )
  RETURNING recording_id AS "recordingId", started_at AS "startedAt", expired, place, name, attempts`;

/** The table of what is to be moved and removed: a lease keeps two processes from one recording. */
export function archiveJobs(pool: pg.Pool): ArchiveJobs {
  const run = onPostgres(pool);
  return {
    async take() {
      const [row] = await run<Omit<ArchiveJob, "startedAt"> & { startedAt: Date }>(TAKE, []);
      return row ? { ...row, startedAt: row.startedAt.getTime() } : null;
    },
    async fail({ recordingId, attempts }, error) {
      const pause = Math.min(FIRST_PAUSE_S * 2 ** attempts, LONGEST_PAUSE_S);
      const words = (error instanceof Error ? error.message : String(error)).slice(0, MAX_ERROR_LENGTH);
      await run(
        `UPDATE recording_archive SET attempts = least(attempts + 1, 1000), error = $2, lease_until = NULL,
           not_before = now() + make_interval(secs => $3) WHERE recording_id = $1::uuid`,
        [recordingId, words, pause],
      );
    },
    async forget({ recordingId }) {
      await run("DELETE FROM recording_archive WHERE recording_id = $1::uuid", [recordingId]);
    },
    async countFailing() {
      const [row] = await run<{ count: number }>(
        "SELECT count(*) AS count FROM recording_archive WHERE (place IS NULL OR expired) AND error IS NOT NULL",
        [],
      );
      return row!.count;
    },
  };
}
