import type { RunSql } from "../../audit/store/sql.ts";
import { firstHash } from "./chain-hash.ts";

/** What PostgreSQL has of a recording that runs. */
export interface StoredChunks {
  chunks: number;
  /** Of the last one; `firstHash` where there is none. */
  lastHash: Buffer;
  outputBytes: number;
  /** As they are kept. */
  storedBytes: number;
}

/** Of the last event, milliseconds since the session's start; 0 where there is none. */
interface LastEvent {
  toMs: number;
}

/** Adds up a recording's chunks; of those that are archived nothing is known of their size. */
export async function readStored(
  run: RunSql,
  { recordingId, startedAt }: { recordingId: string; startedAt: number },
): Promise<StoredChunks & LastEvent> {
  const [row] = await run<{
    chunks: number;
    last_hash: Buffer | null;
    output_bytes: number;
    stored_bytes: number;
    to_ms: number;
  }>(
    `SELECT count(*) AS chunks, (array_agg(hash ORDER BY seq DESC))[1] AS last_hash, coalesce(sum(output_bytes), 0)::bigint AS output_bytes,
       coalesce(sum(octet_length(data)), 0)::bigint AS stored_bytes, coalesce(max(to_ms), 0)::bigint AS to_ms
     FROM recording_chunk WHERE started_at = $1::timestamptz AND recording_id = $2::uuid`,
    [new Date(startedAt).toISOString(), recordingId],
  );
  return {
    chunks: row!.chunks,
    lastHash: row!.last_hash ?? firstHash(recordingId),
    outputBytes: row!.output_bytes,
    storedBytes: row!.stored_bytes,
    toMs: row!.to_ms,
  };
}
