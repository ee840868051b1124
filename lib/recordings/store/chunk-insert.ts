import type pg from "pg";
import { dayOf, ensurePartitions, forgetPartitions } from "../../audit/store/partitions.ts";
import type { Chunk } from "./chunk.ts";
import { type PartSealing, sealPart } from "./sealed-part.ts";

/**
 * Only for sessions that still run: their rows are locked against whoever would close one of them meanwhile. A chunk that an earlier try
 * stored is there already. Answers which of the sessions run.
 */
const INSERT_CHUNKS = {
  name: "kubewitness-insert-chunks",
  text: `WITH given AS (
      SELECT * FROM unnest($1::timestamptz[], $2::uuid[], $3::integer[], $4::bigint[], $5::bigint[], $6::integer[], $7::boolean[], $8::bytea[], $9::bytea[])
        AS given (started_at, recording_id, seq, from_ms, to_ms, output_bytes, sealed, hash, data)
    ), running AS (
      SELECT recording_id FROM recording_running WHERE recording_id = ANY ($2::uuid[]) ORDER BY recording_id FOR KEY SHARE
    ), stored AS (
      INSERT INTO recording_chunk (started_at, recording_id, seq, from_ms, to_ms, output_bytes, sealed, hash, data)
      SELECT given.* FROM given JOIN running USING (recording_id) ON CONFLICT DO NOTHING
    )
    SELECT recording_id FROM running`,
};

/** Check violation: "no partition of relation found for row". */
const NO_PARTITION = "23514";

/**
 * Stores chunks of several sessions in one statement.
 * @returns the recordings among theirs that still run; the chunks of the others are not stored.
 */
export async function insertChunks(
  pool: pg.Pool,
  sealing: PartSealing,
  chunks: readonly Chunk[],
): Promise<ReadonlySet<string>> {
  await ensurePartitions(pool, new Set(chunks.map(({ startedAt }) => dayOf(startedAt))));
  try {
    const result = await pool.query<{ recording_id: string }>({
      ...INSERT_CHUNKS,
      values: columnsOf(sealing, chunks),
    });
    return new Set(result.rows.map(({ recording_id }) => recording_id));
  } catch (error) {
    if ((error as pg.DatabaseError).code === NO_PARTITION) forgetPartitions(pool);
    throw error;
  }
}

function columnsOf(sealing: PartSealing, chunks: readonly Chunk[]): unknown[] {
  const kept = chunks.map(({ recordingId, seq, data }) =>
    sealPart(sealing, { kind: "chunk", recordingId, seq }, data),
  );
  return [
    chunks.map(({ startedAt }) => new Date(startedAt).toISOString()),
    chunks.map(({ recordingId }) => recordingId),
    chunks.map(({ seq }) => seq),
    chunks.map(({ fromMs }) => fromMs),
    chunks.map(({ toMs }) => toMs),
    chunks.map(({ outputBytes }) => outputBytes),
    kept.map(({ sealed }) => sealed),
    chunks.map(({ hash }) => hash),
    kept.map(({ data }) => data),
  ];
}
