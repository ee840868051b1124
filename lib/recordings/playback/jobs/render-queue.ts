import { randomUUID } from "node:crypto";
import type { RunSql } from "../../../audit/store/sql.ts";

/** Tries of one recording before it is left with its error. */
export const MOST_ATTEMPTS = 5;
/** How long a replica that is gone keeps a recording from the others. */
const LEASE_SECONDS = 60;
const FIRST_WAIT_SECONDS = 5;

/** A recording that this process prepares, as long as it renews the lease. */
export interface RenderJob {
  recordingId: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** This one among them. */
  attempts: number;
  lease: string;
  /** The try before ended with its process, without a word, and was not the first: a restart that came between is no reason to doubt the recording. */
  died: boolean;
}

/** The lease is another's by now: it began anew, and nothing more may be written. */
export class LeaseLost extends Error {
  override name = "LeaseLost";
}

/** Takes the next recording that nobody else prepares; null where there is none. What ended a process each time is given up. */
export async function claimRender(run: RunSql): Promise<RenderJob | null> {
  const lease = randomUUID();
  await run(
    `UPDATE recording_render SET not_before = 'infinity', lease_owner = NULL, lease_until = NULL, error = coalesce(error, 'Each try ended without a word.')
     WHERE attempts >= $1::smallint AND lease_until < now() AND not_before < 'infinity'`,
    [MOST_ATTEMPTS],
  );
  const [row] = await run<{ recordingId: string; startedAt: Date; attempts: number; died: boolean }>(
    `WITH next AS MATERIALIZED (
       SELECT recording_id, lease_until IS NOT NULL AND attempts > 1 AS died FROM recording_render
       WHERE not_before <= now() AND (lease_until IS NULL OR lease_until < now()) AND attempts < $2::smallint
       ORDER BY not_before LIMIT 1 FOR UPDATE SKIP LOCKED)
     UPDATE recording_render job SET lease_owner = $1::uuid, lease_until = now() + ${LEASE_SECONDS} * interval '1 second', attempts = job.attempts + 1
     FROM next WHERE job.recording_id = next.recording_id
     RETURNING job.recording_id AS "recordingId", started_at AS "startedAt", attempts, next.died`,
    [lease, MOST_ATTEMPTS],
  );
  return row ? { ...row, startedAt: row.startedAt.getTime(), lease } : null;
}

/** Renews the lease in the caller's transaction, which holds the row until it ends. @throws LeaseLost */
export async function renewLease(run: RunSql, { recordingId, lease }: RenderJob): Promise<void> {
  const rows = await run(
    `UPDATE recording_render SET lease_until = now() + ${LEASE_SECONDS} * interval '1 second'
     WHERE recording_id = $1::uuid AND lease_owner = $2::uuid RETURNING recording_id`,
    [recordingId, lease],
  );
  if (rows.length === 0) throw new LeaseLost(`recording ${recordingId} is prepared by another process`);
}

/** It is prepared, in the caller's transaction. @throws LeaseLost */
export async function finishRender(run: RunSql, { recordingId, lease }: RenderJob): Promise<void> {
  const rows = await run(
    "DELETE FROM recording_render WHERE recording_id = $1::uuid AND lease_owner = $2::uuid RETURNING recording_id",
    [recordingId, lease],
  );
  if (rows.length === 0) throw new LeaseLost(`recording ${recordingId} is prepared by another process`);
}

/** Leaves it to a later try, which waits the longer the more there were; the last is given up, until somebody asks for it. */
export async function failRender(run: RunSql, { recordingId, lease, attempts }: RenderJob, error: string) {
  await run(
    `UPDATE recording_render SET lease_owner = NULL, lease_until = NULL, error = $3::text,
       not_before = CASE WHEN $4::boolean THEN 'infinity' ELSE now() + $5::int * interval '1 second' END
     WHERE recording_id = $1::uuid AND lease_owner = $2::uuid`,
    [recordingId, lease, error, attempts >= MOST_ATTEMPTS, FIRST_WAIT_SECONDS * 4 ** (attempts - 1)],
  );
}

/** Tries again what was given up: all of it at a process's start, one recording where somebody asks for it. */
export async function retryRenders(run: RunSql, recordingId: string | null): Promise<void> {
  await run(
    `UPDATE recording_render SET attempts = 0, not_before = now()
     WHERE not_before = 'infinity' AND ($1::uuid IS NULL OR recording_id = $1::uuid)`,
    [recordingId],
  );
}

/** Where a recording's preparation stands. `givenUp`: until somebody asks for it. `error`: why the last try failed. */
export interface RenderState {
  givenUp: boolean;
  error: string | null;
}

/** Null where it is done, or was never to be. */
export async function readRenderState(run: RunSql, recordingId: string): Promise<RenderState | null> {
  const [row] = await run<RenderState>(
    `SELECT not_before = 'infinity' AS "givenUp", error FROM recording_render WHERE recording_id = $1::uuid`,
    [recordingId],
  );
  return row ?? null;
}
