import type { RunSql } from "../../audit/store/sql.ts";
import { DEFINITION_COLUMNS } from "../stored/stream-row.ts";
import { LEASE_SECONDS } from "./lease.ts";

/** No lease is given for so long: PostgreSQL's clock was set back since, or is another server's, and nobody may be renewing it. */
const AHEAD = `lease_until > now() + make_interval(secs => ${2 * LEASE_SECONDS})`;
const RUNS = "NOT paused AND stopped IS NULL";

export interface KnownStream {
  id: string;
  revision: number;
  /** It is to be delivered by somebody. */
  wanted: boolean;
  /** It does not get on, or was stopped as its receiver is gone. */
  failing: boolean;
}

/** Every stream, and how it does. */
export function findStreams(run: RunSql): Promise<KnownStream[]> {
  return run(
    `SELECT id, revision, ${RUNS} AS wanted,
       stopped IS NOT NULL OR (NOT paused AND failing_since < now() - interval '15 seconds') AS failing FROM streams`,
    [],
  );
}

/**
 * Takes the lease of each stream that nobody has, and renews those that this process has, in one statement. A row that is being written
 * is passed over: what writes it renews it, or has it. `except`: those that this process cannot deliver. Answers their rows.
 */
export function claimStreams(
  run: RunSql,
  owner: string,
  except: readonly string[],
): Promise<{ id: string; revision: number }[]> {
  return run(
    `UPDATE streams SET lease_owner = $1::uuid, lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
     WHERE id IN (
       SELECT id FROM streams WHERE ${RUNS} AND NOT id = ANY ($2::uuid[]) AND (lease_owner IS NULL OR lease_owner = $1::uuid OR lease_until < now() OR ${AHEAD})
       ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
     ) RETURNING ${DEFINITION_COLUMNS}`,
    [owner, except],
  );
}

/** Lets another process go on at once. */
export async function releaseStreams(run: RunSql, owner: string, ids: readonly string[]): Promise<void> {
  await run(
    "UPDATE streams SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = $1::uuid AND id = ANY ($2::uuid[])",
    [owner, ids],
  );
}
