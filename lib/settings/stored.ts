import type pg from "pg";
import type { Transaction } from "../db/client.ts";

/** What an administrator has set, as the database keeps it. */
export interface StoredSetting {
  name: string;
  /** As config.yaml would have it. */
  value: unknown;
  revision: number;
  changedBy: string | null;
  changedAt: Date;
}

interface Row {
  key: string;
  value: unknown;
  revision: string | bigint;
  changed_by: string | null;
  updated_at: Date;
}

// The other rows of the table are marks of the installation.
const SELECT = "select key, value, revision, changed_by, updated_at from settings where revision is not null";

/** Everything that administrators have set. */
export async function readStoredSettings(connections: pg.Pool): Promise<StoredSetting[]> {
  const { rows } = await connections.query<Row>(SELECT);
  return rows.map(viewRow);
}

/** The same within a transaction, which holds it: one change after another. */
export async function holdStoredSettings(tx: Transaction): Promise<StoredSetting[]> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('kubewitness/settings', 0))`;
  return readWithin(tx);
}

/** As the transaction has changed them. */
export async function readWithin(tx: Transaction): Promise<StoredSetting[]> {
  return (await tx.$queryRawUnsafe<Row[]>(SELECT)).map(viewRow);
}

/** A text that differs whenever what is set does. */
export async function readSettingsFingerprint(connections: pg.Pool): Promise<string> {
  const { rows } = await connections.query<{ fingerprint: string }>(
    "select count(*) || ' ' || coalesce(max(revision), 0) as fingerprint from settings where revision is not null",
  );
  return rows[0]!.fingerprint;
}

/** Sets a setting, under a revision that none had before. */
export async function storeSetting(
  tx: Transaction,
  { name, value, changedBy }: { name: string; value: unknown; changedBy: string | null },
): Promise<void> {
  await tx.$executeRaw`
    insert into settings (key, value, updated_at, revision, changed_by)
    values (${name}, ${JSON.stringify(value)}::jsonb, now(), nextval('settings_revision'), ${changedBy})
    on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at,
      revision = excluded.revision, changed_by = excluded.changed_by`;
}

/** What the environment, the file or the default says counts again. */
export async function forgetSetting(tx: Transaction, name: string): Promise<void> {
  await tx.$executeRaw`delete from settings where key = ${name} and revision is not null`;
}

const viewRow = (row: Row): StoredSetting => ({
  name: row.key,
  value: row.value,
  revision: Number(row.revision),
  changedBy: row.changed_by,
  changedAt: row.updated_at,
});
