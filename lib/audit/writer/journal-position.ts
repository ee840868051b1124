import type pg from "pg";
import { LEDGER_ID } from "../store/ledger.ts";
import type { RunSql } from "../store/sql.ts";

/** Thrown where another process has advanced the journal: it must not be written twice. */
export class PositionConflictError extends Error {}

/** How far the journal is in the database; makes its row where it is new. */
export async function readPosition(pool: pg.Pool, journalId: string): Promise<number> {
  await pool.query(
    "INSERT INTO audit_journal_position (ledger_id, journal_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    [LEDGER_ID, journalId],
  );
  return (await findPosition(pool, journalId))!;
}

/** The same where its row is there; null where it was forgotten. */
export async function findPosition(pool: pg.Pool, journalId: string): Promise<number | null> {
  const { rows } = await pool.query<{ position: string }>(
    "SELECT position FROM audit_journal_position WHERE ledger_id = $1 AND journal_id = $2",
    [LEDGER_ID, journalId],
  );
  return rows[0] === undefined ? null : Number(rows[0].position);
}

/** Moves the position in the batch's transaction, which fails where the position is not where the batch begins. */
export async function advancePosition(
  run: RunSql,
  journalId: string,
  from: number,
  to: number,
): Promise<void> {
  const rows = await run(
    `UPDATE audit_journal_position SET position = $4, updated_at = now()
     WHERE ledger_id = $1 AND journal_id = $2 AND position = $3 RETURNING position`,
    [LEDGER_ID, journalId, from, to],
  );
  if (rows.length !== 1) throw new PositionConflictError(`journal ${journalId} is not at position ${from}`);
}

/** Forgets a journal. Only after its folder is gone: a folder without a position would be written from its beginning. */
export async function forgetPosition(pool: pg.Pool, journalId: string): Promise<void> {
  await pool.query("DELETE FROM audit_journal_position WHERE ledger_id = $1 AND journal_id = $2", [
    LEDGER_ID,
    journalId,
  ]);
}
