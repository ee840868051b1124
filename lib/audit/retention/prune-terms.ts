import type pg from "pg";
import type { Day } from "../store/partitions.ts";

const TABLES = ["audit_dictionary", "audit_actor", "audit_cluster"] as const;
const IDS_A_STATEMENT = 10_000;

/**
 * Removes the terms, actors and clusters that no row of the days that are kept names, and so addresses, people and commands whose time is over.
 * Costs one pass over these tables, whatever the record holds. What is about to be used again is marked first, or made anew.
 * @returns how many were removed.
 */
export async function pruneTerms(pool: pg.Pool, firstKept: Day): Promise<number> {
  let removed = 0;
  for (const table of TABLES) removed += await pruneTable(pool, table, firstKept);
  return removed;
}

async function pruneTable(pool: pg.Pool, table: string, firstKept: Day): Promise<number> {
  const { rows } = await pool.query<{ last: number }>(`SELECT coalesce(max(id), 0) AS last FROM ${table}`);
  const { last } = rows[0]!;
  let removed = 0;
  for (let from = 0; from < last; from += IDS_A_STATEMENT) {
    // In the order in which they are marked, and past those that are being marked.
    const result = await pool.query(
      `WITH unused AS MATERIALIZED (
         SELECT id FROM ${table} WHERE id > $1 AND id <= $2 AND last_day < $3::date ORDER BY id FOR UPDATE SKIP LOCKED
       )
       DELETE FROM ${table} USING unused WHERE ${table}.id = unused.id`,
      [from, from + IDS_A_STATEMENT, firstKept],
    );
    removed += result.rowCount ?? 0;
  }
  return removed;
}
