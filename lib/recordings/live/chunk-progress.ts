import { LRUCache } from "lru-cache";
import type { RunSql } from "../../audit/store/sql.ts";
import { processState } from "../../process-state.ts";
import type { RecordingKey } from "../recording-reader.ts";

/** How far a recording has come. */
export interface ChunkProgress {
  lastSeq: number;
  /** When its last event happened, milliseconds since the session's start. */
  lastMs: number;
  outputBytes: number;
}

const NOTHING: ChunkProgress = { lastSeq: -1, lastMs: 0, outputBytes: 0 };

/** Whoever lists sessions does so again soon. */
const known = processState(
  "recordings/chunk-progress",
  () => new LRUCache<string, ChunkProgress>({ max: 5_000, ttl: 10 * 60_000 }),
);

const NEWER = `SELECT wanted.recording_id AS "recordingId", newer.last_seq AS "lastSeq", newer.last_ms AS "lastMs", newer.bytes
  FROM unnest($1::timestamptz[], $2::uuid[], $3::int[]) AS wanted (started_at, recording_id, after_seq)
  CROSS JOIN LATERAL (
    SELECT max(seq) AS last_seq, max(to_ms) AS last_ms, coalesce(sum(output_bytes), 0)::bigint AS bytes
    FROM recording_chunk c
    WHERE c.started_at = wanted.started_at AND c.recording_id = wanted.recording_id AND c.seq > wanted.after_seq
  ) newer WHERE newer.last_seq IS NOT NULL`;

/**
 * How far each of these recordings has come. What was counted before is remembered: each look reads the chunks that are new, and not those
 * of hours.
 */
export async function readProgress(
  run: RunSql,
  recordings: readonly RecordingKey[],
): Promise<Map<string, ChunkProgress>> {
  const progress = new Map(
    recordings.map(({ recordingId }) => [recordingId, known.get(recordingId) ?? NOTHING]),
  );
  const rows = await run<{ recordingId: string; lastSeq: number; lastMs: number; bytes: number }>(NEWER, [
    recordings.map(({ startedAt }) => new Date(startedAt).toISOString()),
    recordings.map(({ recordingId }) => recordingId),
    recordings.map(({ recordingId }) => progress.get(recordingId)!.lastSeq),
  ]);
  for (const { recordingId, lastSeq, lastMs, bytes } of rows) {
    const outputBytes = progress.get(recordingId)!.outputBytes + bytes;
    progress.set(recordingId, { lastSeq, lastMs, outputBytes });
  }
  for (const [recordingId, each] of progress) remember(recordingId, each);
  return progress;
}

/** Another look may have come further meanwhile. */
function remember(recordingId: string, progress: ChunkProgress): void {
  if ((known.get(recordingId)?.lastSeq ?? -1) <= progress.lastSeq) known.set(recordingId, progress);
}
