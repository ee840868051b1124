import { createHash } from "node:crypto";
import type pg from "pg";
import { onPostgres } from "../../../audit/store/sql.ts";
import { withClient } from "../../../db/pool.ts";
import type { RecordingKey } from "../../recording-reader.ts";
import type { ArchiveContent, ArchivePlace } from "./archive-place.ts";

/** The tables whose data is moved, in the order in which it lies in an archive: what was recorded, then what players are given. */
const TABLES = ["recording_chunk", "recording_segment"] as const;
type Table = (typeof TABLES)[number];

const PAGE = 64;

const parameters = ({ recordingId, startedAt }: RecordingKey) => [
  new Date(startedAt).toISOString(),
  recordingId,
];
const OF_RECORDING = "started_at = $1::timestamptz AND recording_id = $2::uuid";

/** Below the place's root: a folder a day, a file a recording. */
export const archiveName = ({ recordingId, startedAt }: RecordingKey): string =>
  `${new Date(startedAt).toISOString().slice(0, 10)}/${recordingId}.recording`;

/**
 * Moves the data of a recording's chunks and segments, sealed or not as they are, out of PostgreSQL: put first, and taken away here once it is there for good. May be
 * done again after any failure. One that was moved before, as a whole, is left as it is.
 */
export async function moveRecording(pool: pg.Pool, key: RecordingKey, place: ArchivePlace): Promise<void> {
  const content = await contentOf(pool, key);
  const name = archiveName(key);
  if (content.bytes > 0) await place.put(name, content);
  await withClient(pool, async (client) => {
    await client.query("BEGIN");
    let offset = 0;
    for (const table of TABLES) offset += await release(client, table, key, offset);
    if (offset !== content.bytes)
      throw new Error(
        `recording ${key.recordingId} changed while it was moved: ${offset} bytes, ${content.bytes} before`,
      );
    await client.query(
      "UPDATE recording_archive SET place = $2, root = $3, name = $4, bytes = $5, lease_until = NULL, error = NULL, attempts = 0 WHERE recording_id = $1::uuid",
      [key.recordingId, place.name, place.root, name, content.bytes],
    );
    await client.query("COMMIT");
  });
}

/** Notes of each part where it lies now, and lets its data go. */
async function release(
  client: pg.PoolClient,
  table: Table,
  key: RecordingKey,
  offset: number,
): Promise<number> {
  const result = await client.query<{ bytes: number }>(
    `UPDATE ${table} part SET data = NULL, archive_offset = lying.at, archive_bytes = lying.bytes
     FROM (
       SELECT seq, octet_length(data) AS bytes, $3::bigint + sum(octet_length(data)) OVER (ORDER BY seq) - octet_length(data) AS at
       FROM ${table} WHERE ${OF_RECORDING} AND data IS NOT NULL
     ) lying
     WHERE part.${OF_RECORDING.replace("AND ", "AND part.")} AND part.seq = lying.seq
     RETURNING lying.bytes`,
    [...parameters(key), offset],
  );
  return result.rows.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function contentOf(pool: pg.Pool, key: RecordingKey): Promise<ArchiveContent> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const part of readParts(pool, key)) {
    hash.update(part);
    bytes += part.length;
  }
  return { bytes, sha256: hash.digest("hex"), read: () => readParts(pool, key) };
}

async function* readParts(pool: pg.Pool, key: RecordingKey): AsyncGenerator<Buffer> {
  for (const table of TABLES) {
    for (let after = -1, rows: { seq: number; data: Buffer }[]; ; ) {
      rows = await onPostgres(pool)<{ seq: number; data: Buffer }>(
        `SELECT seq, data FROM ${table} WHERE ${OF_RECORDING} AND data IS NOT NULL AND seq > $3::int ORDER BY seq LIMIT ${PAGE}`,
        [...parameters(key), after],
      );
      for (const { data } of rows) yield data;
      if (rows.length < PAGE) break;
      after = rows.at(-1)!.seq;
    }
  }
}
