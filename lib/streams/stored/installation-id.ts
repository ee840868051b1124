import { randomBytes } from "node:crypto";
import type pg from "pg";

const KEY = "installation_id";

/** What the numbers of this installation are told apart by from those of others: 12 hexadecimal digits, made at the first use, for good. */
export async function installationId(pool: Pick<pg.Pool, "query">): Promise<string> {
  const made = randomBytes(6).toString("hex");
  await pool.query(
    "INSERT INTO settings (key, value, updated_at) VALUES ($1, to_jsonb($2::text), now()) ON CONFLICT DO NOTHING",
    [KEY, made],
  );
  const { rows } = await pool.query<{ id: string }>(
    "SELECT value #>> '{}' AS id FROM settings WHERE key = $1",
    [KEY],
  );
  return rows[0]!.id;
}
