import { onPostgres } from "../../audit/store/sql.ts";
import { processReader, type RecordingKey, type RecordingReader } from "../recording-reader.ts";
import { fetchArchived, PART_COLUMNS, type StoredPart } from "./archive/archived-data.ts";
import { BrokenRecording } from "./broken-recording.ts";
import { chainHash, firstHash } from "./chain-hash.ts";
import type { Chunk } from "./chunk.ts";
import { openPart } from "./sealed-part.ts";

interface ChunkRow extends StoredPart {
  seq: number;
  fromMs: number;
  toMs: number;
  outputBytes: number;
  sealed: boolean;
  hash: Buffer;
}

/** What a recording is to end with. */
interface KnownEnd {
  chunks: number;
  /** Hex. */
  lastHash: string;
}

const PAGE = 32;

/**
 * The chunks of a recording in order, after `afterSeq` (all where it is left out), opened and checked against the chain; of a session that runs, those
 * there are. Where `afterSeq` is given, its own chunk is taken as it is.
 * @throws BrokenRecording at the first piece that was changed or is missing, also at the end; what came before was whole.
 */
export async function* readChunks(
  { recordingId, startedAt, afterSeq = -1 }: RecordingKey & { afterSeq?: number },
  reader: RecordingReader = processReader(),
): AsyncGenerator<Chunk> {
  const key = { recordingId, startedAt };
  const chain = new Chain(recordingId, afterSeq, await hashBefore(reader, key, afterSeq));
  for (;;) {
    // Read first: what has ended has all its chunks.
    const end = await readEnd(reader, key);
    let found = 0;
    for (let page: ChunkRow[]; ; ) {
      page = await readPage(reader, key, chain.lastSeq);
      found += page.length;
      for (const row of page) yield { ...key, ...chain.follow(row, reader) };
      if (page.length < PAGE) break;
    }
    if (end !== null) {
      chain.finish(end);
      return;
    }
    if (found === 0) return;
  }
}

/** Follows the chain from one chunk to the next. */
class Chain {
  readonly #recordingId: string;
  #lastSeq: number;
  #hash: Buffer;

  constructor(recordingId: string, lastSeq: number, hash: Buffer) {
    this.#recordingId = recordingId;
    this.#lastSeq = lastSeq;
    this.#hash = hash;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  follow(row: ChunkRow, { config }: RecordingReader): Omit<Chunk, "recordingId" | "startedAt"> {
    const { seq, fromMs, toMs, outputBytes, sealed } = row;
    if (seq !== this.#lastSeq + 1) throw this.#broken(this.#lastSeq + 1, "is missing");
    if (row.data === null) throw this.#broken(seq, "has lost its data");
    const data = this.#open(seq, { sealed, data: row.data }, config.encryption);
    const hash = chainHash(this.#hash, { seq, fromMs, toMs, data });
    if (!hash.equals(row.hash)) throw this.#broken(seq, "was changed after it was written");
    this.#lastSeq = seq;
    this.#hash = hash;
    return { seq, fromMs, toMs, outputBytes, data, hash };
  }

  finish({ chunks, lastHash }: KnownEnd): void {
    const next = this.#lastSeq + 1;
    if (next < chunks) throw this.#broken(next, "is missing");
    if (next > chunks) throw this.#broken(chunks, "was added after the session's end");
    if (this.#hash.toString("hex") !== lastHash)
      throw this.#broken(this.#lastSeq, "is not the one that the recording ended with");
  }

  #open(
    seq: number,
    kept: { sealed: boolean; data: Buffer },
    keys: RecordingReader["config"]["encryption"],
  ): Buffer {
    try {
      return openPart(keys, { kind: "chunk", recordingId: this.#recordingId, seq }, kept);
    } catch (cause) {
      throw this.#broken(
        seq,
        "cannot be opened: it was changed, or encryption.key is not the key that sealed it",
        cause,
      );
    }
  }

  #broken(seq: number, problem: string, cause?: unknown): BrokenRecording {
    return new BrokenRecording({ recordingId: this.#recordingId, seq, problem }, cause);
  }
}

const keyOf = ({ recordingId, startedAt }: RecordingKey) => [new Date(startedAt).toISOString(), recordingId];

async function hashBefore({ pool }: RecordingReader, key: RecordingKey, afterSeq: number): Promise<Buffer> {
  if (afterSeq < 0) return firstHash(key.recordingId);
  const [row] = await onPostgres(pool)<{ hash: Buffer }>(
    "SELECT hash FROM recording_chunk WHERE started_at = $1::timestamptz AND recording_id = $2::uuid AND seq = $3::int",
    [...keyOf(key), afterSeq],
  );
  if (!row) throw new BrokenRecording({ recordingId: key.recordingId, seq: afterSeq, problem: "is missing" });
  return row.hash;
}

/** What the recording ended with; null while it runs. */
async function readEnd({ pool }: RecordingReader, key: RecordingKey): Promise<KnownEnd | null> {
  const [row] = await onPostgres(pool)<KnownEnd>(
    `SELECT chunks, last_hash AS "lastHash" FROM recording WHERE started_at = $1::timestamptz AND recording_id = $2::uuid`,
    keyOf(key),
  );
  return row ?? null;
}

async function readPage(reader: RecordingReader, key: RecordingKey, afterSeq: number): Promise<ChunkRow[]> {
  const rows = await onPostgres(reader.pool)<ChunkRow>(
    `SELECT seq, from_ms AS "fromMs", to_ms AS "toMs", output_bytes AS "outputBytes", sealed, hash, ${PART_COLUMNS} FROM recording_chunk
     WHERE started_at = $1::timestamptz AND recording_id = $2::uuid AND seq > $3::int ORDER BY seq LIMIT ${PAGE}`,
    [...keyOf(key), afterSeq],
  );
  return fetchArchived(reader, key, rows);
}
