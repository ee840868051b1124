import { onPostgres } from "../../audit/store/sql.ts";
import { DEFAULT_SIZE } from "../cast/cast-header.ts";
import { readChunkEvents } from "../cast/chunk-events.ts";
import type { RecordingKey, RecordingReader } from "../recording-reader.ts";
import type { Chunk } from "../store/chunk.ts";
import { readChunks } from "../store/read-chunks.ts";
import { BACKLOG_BYTES } from "./backlog.ts";
import { lastSize, type TerminalSize } from "./messages.ts";

/** Where watching begins: behind which chunk, and in a terminal of which size. */
export interface TailStart {
  afterSeq: number;
  size: TerminalSize;
}

/** How many chunks are looked at for the beginning; of one that shows little in each they are half an hour. */
const MOST_CHUNKS = 4_000;
/** How many chunks before that are looked at for the terminal's size; whoever changed it earlier changes it again. */
const MOST_SIZE_CHUNKS = 500;

/** Finds where the last of what was shown begins. */
export async function findTailStart(reader: RecordingReader, key: RecordingKey): Promise<TailStart> {
  const afterSeq = await findFirst(reader, key);
  const first = await readFirst(reader, key);
  if (first === null) return { afterSeq, size: DEFAULT_SIZE };
  const { header, events } = await readChunkEvents(first);
  const initial = header === null ? DEFAULT_SIZE : { columns: header.term.cols, rows: header.term.rows };
  if (afterSeq < 0) return { afterSeq, size: initial };
  return {
    afterSeq,
    size: (await findSizeBefore(reader, key, afterSeq)) ?? lastSize(events) ?? initial,
  };
}

/** The chunk before the first that still counts; -1 where all do. */
async function findFirst({ pool }: RecordingReader, key: RecordingKey): Promise<number> {
  const [row] = await onPostgres(pool)<{ first: number | null }>(
    `SELECT coalesce(min(seq) FILTER (WHERE bytes <= ${BACKLOG_BYTES}), max(seq) + 1) AS first FROM (
       SELECT seq, sum(output_bytes) OVER (ORDER BY seq DESC) AS bytes FROM (
         SELECT seq, output_bytes FROM recording_chunk
         WHERE started_at = $1::timestamptz AND recording_id = $2::uuid ORDER BY seq DESC LIMIT ${MOST_CHUNKS}
       ) AS latest
     ) AS counted`,
    [new Date(key.startedAt).toISOString(), key.recordingId],
  );
  return row?.first == null ? -1 : row.first - 1;
}

async function readFirst(reader: RecordingReader, key: RecordingKey): Promise<Chunk | null> {
  for await (const chunk of readChunks(key, reader)) return chunk;
  return null;
}

async function findSizeBefore(
  reader: RecordingReader,
  key: RecordingKey,
  afterSeq: number,
): Promise<TerminalSize | null> {
  let size: TerminalSize | null = null;
  for await (const chunk of readChunks(
    { ...key, afterSeq: Math.max(-1, afterSeq - MOST_SIZE_CHUNKS) },
    reader,
  )) {
    if (chunk.seq > afterSeq) break;
    size = lastSize((await readChunkEvents(chunk)).events) ?? size;
  }
  return size;
}
