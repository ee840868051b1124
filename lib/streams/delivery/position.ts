import type { RunSql } from "../../audit/store/sql.ts";
import type { StreamSurface } from "../surfaces/schema.ts";
import type { Settled } from "./deliver-records.ts";
import { LEASE_SECONDS } from "./lease.ts";

/** What of a dead letter is kept for people to look at. */
const KEPT_TEXT = 4_096;
const MOST_REASON = 500;

/** Another process delivers the stream, or it is no more. */
export class LeaseLost extends Error {}

interface Progress {
  streamId: string;
  owner: string;
  surface: StreamSurface;
  from: number;
  settled: Settled;
  /** Records a second, of late. */
  throughput: number;
  /** Whether there is more than was settled; null: as it was known. */
  behind: boolean | null;
}

/** The lease is renewed, and dead letters are kept, with the cursor's move: all of it or nothing. */
const HELD = `
  WITH held AS (
    UPDATE streams SET lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), failing_since = NULL, throughput = $3::float8,
      delivered = delivered + $4::int, delivered_at = CASE WHEN $4::int > 0 THEN now() ELSE delivered_at END,
      holds_since = CASE WHEN $10::boolean IS FALSE THEN NULL ELSE holds_since END,
      behind_since = CASE WHEN $10::boolean IS NULL THEN behind_since WHEN $10::boolean THEN coalesce(behind_since, now()) END
    WHERE id = $1::uuid AND lease_owner = $2::uuid RETURNING id
  ), dead AS (
    INSERT INTO stream_dead_letters (stream_id, surface, no, happened_at, reason, text)
    SELECT held.id, $5::text, letter.no, letter.at, letter.reason, letter.text
    FROM held, unnest($6::bigint[], $7::timestamptz[], $8::text[], $9::text[]) AS letter (no, at, reason, text)
    ON CONFLICT (stream_id, surface, no) DO UPDATE SET reason = excluded.reason, text = excluded.text
  )`;

function heldParameters({ streamId, owner, surface, settled, throughput, behind }: Progress): unknown[] {
  const { taken, dead } = settled;
  return [
    streamId,
    owner,
    throughput,
    taken.length,
    surface,
    dead.map(({ record }) => record.record.no),
    dead.map(({ record }) => new Date(record.record.at).toISOString()),
    dead.map(({ reason }) => storable(reason).slice(0, MOST_REASON)),
    dead.map(({ record }) => storable(record.text).slice(0, KEPT_TEXT)),
    behind,
  ];
}

/** PostgreSQL's texts hold no NUL. */
const storable = (text: string): string => text.replaceAll("\0", "�");

/** Up to which number a stream has sent, by surface. */
export async function findCursors(run: RunSql, streamId: string): Promise<Map<StreamSurface, number>> {
  const rows = await run<{ surface: StreamSurface; lastNo: number }>(
    `SELECT surface, last_no AS "lastNo" FROM stream_cursors WHERE stream_id = $1::uuid`,
    [streamId],
  );
  return new Map(rows.map(({ surface, lastNo }) => [surface, lastNo]));
}

/** The ranges that are to be sent again, oldest first. */
export function findReplays(
  run: RunSql,
  streamId: string,
): Promise<{ id: string; surface: StreamSurface; to: number; after: number }[]> {
  return run(
    `SELECT id, surface, to_no AS to, last_no AS after FROM stream_replays WHERE stream_id = $1::uuid ORDER BY started_at`,
    [streamId],
  );
}

/** Moves the cursor of what is new. @throws LeaseLost */
export async function advanceCursor(run: RunSql, progress: Progress): Promise<void> {
  const { settled, from } = progress;
  const lastAt = settled.taken.at(-1)?.record.at;
  const moved = await run(
    `${HELD} UPDATE stream_cursors c SET last_no = $11::bigint, last_at = coalesce($12::timestamptz, c.last_at)
     FROM held WHERE c.stream_id = held.id AND c.surface = $5::text AND c.last_no = $13::bigint RETURNING 1`,
    [
      ...heldParameters(progress),
      settled.upTo,
      lastAt === undefined ? null : new Date(lastAt).toISOString(),
      from,
    ],
  );
  requireMoved(moved);
}

/** Moves the cursor of a range that is sent again; one that is through is no more. @throws LeaseLost */
export async function advanceReplay(
  run: RunSql,
  { id, to, ...progress }: Progress & { id: string; to: number },
): Promise<void> {
  const { settled, from } = progress;
  const through = settled.upTo >= to;
  const ofReplay = "r.stream_id = held.id AND r.id = $11::uuid AND r.last_no = $12::bigint RETURNING 1";
  const moved = await run(
    through
      ? `${HELD} DELETE FROM stream_replays r USING held WHERE ${ofReplay}`
      : `${HELD} UPDATE stream_replays r SET last_no = $13::bigint FROM held WHERE ${ofReplay}`,
    [...heldParameters(progress), id, from, ...(through ? [] : [settled.upTo])],
  );
  requireMoved(moved);
}

/** Dead letters that were sent again: those that were taken are none any more. @throws LeaseLost */
export async function settleLetters(run: RunSql, progress: Omit<Progress, "from">): Promise<void> {
  const { taken, dead } = progress.settled;
  const none = { ...progress, from: 0, settled: { ...progress.settled, dead: [] } };
  const held = await run(
    `${HELD}, tried AS (
       UPDATE stream_dead_letters l SET attempts = l.attempts + 1, requested = false, reason = refused.reason
       FROM held, unnest($12::bigint[], $13::text[]) AS refused (no, reason)
       WHERE l.stream_id = held.id AND l.surface = $5::text AND l.no = refused.no
     ), gone AS (
       DELETE FROM stream_dead_letters l USING held
       WHERE l.stream_id = held.id AND l.surface = $5::text AND l.no = ANY ($11::bigint[])
     ) SELECT 1 FROM held`,
    [
      ...heldParameters(none),
      taken.map(({ record }) => record.no),
      dead.map(({ record }) => record.record.no),
      dead.map(({ reason }) => storable(reason).slice(0, MOST_REASON)),
    ],
  );
  requireMoved(held);
}

function requireMoved(rows: readonly unknown[]): void {
  if (rows.length !== 1) throw new LeaseLost("another process delivers the stream");
}
