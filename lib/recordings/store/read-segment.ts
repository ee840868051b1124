import { onPostgres } from "../../audit/store/sql.ts";
import { processReader, type RecordingKey, type RecordingReader } from "../recording-reader.ts";
import { fetchArchived, PART_COLUMNS, type StoredPart } from "./archive/archived-data.ts";
import { openPart } from "./sealed-part.ts";

interface SegmentRow extends StoredPart {
  sealed: boolean;
}

/**
 * The data of one segment of a recording's playback as it was written, opened, wherever it lies; null where there is none of that number.
 * @throws AppError `unavailable` where its place is away, `internal` where it cannot be opened.
 */
export async function readSegment(
  { seq, ...key }: RecordingKey & { seq: number },
  reader: RecordingReader = processReader(),
): Promise<Buffer | null> {
  const rows = await onPostgres(reader.pool)<SegmentRow>(
    `SELECT sealed, ${PART_COLUMNS} FROM recording_segment
     WHERE started_at = $1::timestamptz AND recording_id = $2::uuid AND seq = $3::int`,
    [new Date(key.startedAt).toISOString(), key.recordingId, seq],
  );
  const [row] = await fetchArchived(reader, key, rows);
  if (!row || row.data === null) return null;
  const part = { kind: "segment", recordingId: key.recordingId, seq } as const;
  return openPart(reader.config.encryption, part, { sealed: row.sealed, data: row.data });
}
