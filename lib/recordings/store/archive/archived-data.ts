import { onPostgres } from "../../../audit/store/sql.ts";
import { AppError } from "../../../errors.ts";
import { log } from "../../../log.ts";
import type { RecordingKey, RecordingReader } from "../../recording-reader.ts";
import { type ArchivePlace, checkedName, LostData, type PlaceName, type Span } from "./archive-place.ts";
import { placeOf } from "./places.ts";

/** A part of a recording as its row has it: with its data, or with where that lies. */
export interface StoredPart {
  data: Buffer | null;
  archiveOffset: number | null;
  archiveBytes: number | null;
}

/** The columns of a part's row for it. */
export const PART_COLUMNS = `data, archive_offset AS "archiveOffset", archive_bytes AS "archiveBytes"`;

/** Read at once: what is longer is read in several goes. */
const MOST_AT_ONCE = 16 * 2 ** 20;

/**
 * Puts the data of parts that lie outside PostgreSQL into them; parts that follow each other there are read together. A part that is nowhere keeps its null, also where the place has lost it.
 * @throws AppError `unavailable` where the place is away.
 */
export async function fetchArchived<Row extends StoredPart>(
  reader: RecordingReader,
  key: RecordingKey,
  rows: readonly Row[],
): Promise<Row[]> {
  const lying = (rows as readonly StoredPart[]).filter(isElsewhere);
  if (lying.length === 0) return [...rows];
  const { place, name } = await findArchive(reader, key);
  const fetched = new Map<StoredPart, Buffer>();
  for (const run of togetherIn(lying)) {
    for (const [part, data] of await readTogether(place, name, run)) fetched.set(part, data);
  }
  return rows.map((row) => ({ ...row, data: fetched.get(row) ?? row.data }));
}

type LyingPart = StoredPart & { archiveOffset: number; archiveBytes: number };

const isElsewhere = (part: StoredPart): part is LyingPart =>
  part.data === null && part.archiveOffset !== null && part.archiveBytes !== null;

interface PartsTogether {
  span: Span;
  parts: LyingPart[];
}

function togetherIn(parts: readonly LyingPart[]): PartsTogether[] {
  const runs: PartsTogether[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    const follows = last !== undefined && last.span.offset + last.span.length === part.archiveOffset;
    if (follows && last.span.length + part.archiveBytes <= MOST_AT_ONCE) {
      last.parts.push(part);
      last.span.length += part.archiveBytes;
    } else {
      runs.push({ span: { offset: part.archiveOffset, length: part.archiveBytes }, parts: [part] });
    }
  }
  return runs;
}

async function readTogether(
  place: ArchivePlace,
  name: string,
  { span, parts }: PartsTogether,
): Promise<[LyingPart, Buffer][]> {
  const whole = await readSpan(place, name, span);
  if (whole !== null) {
    return parts.map((part) => {
      const from = part.archiveOffset - span.offset;
      return [part, whole.subarray(from, from + part.archiveBytes)];
    });
  }
  if (parts.length === 1) return [];
  // Which of them are still there.
  const alone = parts.map((part) => ({
    span: { offset: part.archiveOffset, length: part.archiveBytes },
    parts: [part],
  }));
  return (await Promise.all(alone.map((each) => readTogether(place, name, each)))).flat();
}

async function findArchive(
  { pool, config }: RecordingReader,
  { recordingId }: RecordingKey,
): Promise<{ place: ArchivePlace; name: string }> {
  const [row] = await onPostgres(pool)<{ place: PlaceName; name: string }>(
    "SELECT place, name FROM recording_archive WHERE recording_id = $1::uuid AND place IS NOT NULL",
    [recordingId],
  );
  if (!row) throw new AppError("unavailable", "Where this recording is kept is not known any more.");
  return { place: placeOf(config.recordings, row.place), name: checkedName(row.name) };
}

/** Null where the place is there, and has not these bytes. */
async function readSpan(place: ArchivePlace, name: string, span: Span): Promise<Buffer | null> {
  try {
    return await place.read(name, span);
  } catch (cause) {
    if (cause instanceof LostData) return null;
    log.warn(
      { err: cause, place: place.root, name },
      "recordings: a recording could not be read where it is kept",
    );
    throw new AppError(
      "unavailable",
      `The recording is kept in the ${place.name} that the settings name, which does not give it at the moment. Try again in a moment; the log says why.`,
      { cause, retryAfterSeconds: 30 },
    );
  }
}
