import type { RunSql } from "../../audit/store/sql.ts";
import type { BatchRecord } from "../destinations/destination/destination.ts";
import type { StreamSurface } from "../surfaces/schema.ts";

/** A stream that has so many waits until somebody looks at them: what a receiver refuses altogether is not poured out. */
export const MOST_DEAD_LETTERS = 10_000;
const AT_A_TIME = 200;

/** Those that nobody has asked for again. */
export async function countLetters(run: RunSql, streamId: string): Promise<number> {
  const [row] = await run<{ count: number }>(
    "SELECT count(*) AS count FROM stream_dead_letters WHERE stream_id = $1::uuid AND NOT requested",
    [streamId],
  );
  return row!.count;
}

/** Dead letters of one surface that are to be sent again. */
export interface RequestedLetters {
  surface: StreamSurface;
  /** In their order. */
  numbers: number[];
  /** When their records had happened, in milliseconds since 1970. */
  between: { from: number; to: number };
}

/** Some that are to be sent again; null where there are none. */
export async function findRequested(run: RunSql, streamId: string): Promise<RequestedLetters | null> {
  const rows = await run<{ surface: StreamSurface; no: number; at: Date }>(
    `SELECT surface, no, happened_at AS at FROM stream_dead_letters
     WHERE stream_id = $1::uuid AND requested ORDER BY surface, no LIMIT ${AT_A_TIME}`,
    [streamId],
  );
  const surface = rows[0]?.surface;
  if (surface === undefined) return null;
  const letters = rows.filter((row) => row.surface === surface);
  const times = letters.map(({ at }) => at.getTime());
  const between = { from: Math.min(...times), to: Math.max(...times) };
  return { surface, numbers: letters.map(({ no }) => no), between };
}

/** Of those that are not on the record any more nothing can be sent. */
export async function noteUnreadable(
  run: RunSql,
  {
    streamId,
    surface,
    numbers,
    records,
  }: {
    streamId: string;
    surface: StreamSurface;
    numbers: readonly number[];
    records: readonly BatchRecord[];
  },
): Promise<void> {
  const found = new Set(records.map(({ record }) => record.no));
  const gone = numbers.filter((no) => !found.has(no));
  if (gone.length === 0) return;
  await run(
    `UPDATE stream_dead_letters SET attempts = attempts + 1, requested = false, reason = 'it is not on the record any more, or its surface is none of the stream''s'
     WHERE stream_id = $1::uuid AND surface = $2::text AND no = ANY ($3::bigint[])`,
    [streamId, surface, gone],
  );
}
