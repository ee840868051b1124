import type pg from "pg";
import { withClient } from "../../db/pool.ts";
import { LEDGER_ID, type LedgerStream } from "./ledger.ts";

/** The fact tables and the column that each is partitioned by, a partition a day (UTC). */
export const PARTITIONED_TABLES = [
  { table: "kube_request", column: "executed_at" },
  { table: "kube_request_body", column: "executed_at" },
  { table: "kube_command", column: "started_at" },
  { table: "audit_event", column: "happened_at" },
  { table: "audit_event_body", column: "happened_at" },
  { table: "recording", column: "started_at" },
  { table: "recording_chunk", column: "started_at" },
  { table: "recording_playback", column: "started_at" },
  { table: "recording_segment", column: "started_at" },
  { table: "recording_text", column: "started_at" },
] as const;
type PartitionedTable = (typeof PARTITIONED_TABLES)[number]["table"];

const DAY_MS = 86_400_000;
/** Serialises the making and dropping of partitions between replicas. */
export const PARTITIONS_LOCK = 7_201_520_031;
/** Tables whose rows are numbered, each by the ledger's stream of the same name. */
export const NUMBERED_TABLES = ["kube_request", "audit_event", "recording"] as const satisfies LedgerStream[];

/** A UTC day, `yyyy-mm-dd`. */
export type Day = string;
export const dayOf = (time: number | Date): Day => new Date(time).toISOString().slice(0, 10);
export const startOfDay = (day: Day): number => Date.parse(`${day}T00:00:00Z`);
export const addDays = (day: Day, days: number): Day => dayOf(startOfDay(day) + days * DAY_MS);

/** `kube_request_20261120` */
const partitionName = (table: PartitionedTable, day: Day): string => `${table}_${day.replaceAll("-", "")}`;

const knownDays = new WeakMap<pg.Pool, Set<Day>>();

function daysKnownIn(pool: pg.Pool): Set<Day> {
  const known = knownDays.get(pool) ?? new Set<Day>();
  knownDays.set(pool, known);
  return known;
}

/** Forgets which partitions exist: after an insert found none, as another replica's retention may have dropped it. */
export function forgetPartitions(pool: pg.Pool): void {
  knownDays.delete(pool);
}

/** Makes the partitions that rows of `days` need, where they are missing. Costs nothing for days seen before. */
export async function ensurePartitions(pool: pg.Pool, days: Iterable<Day>): Promise<void> {
  const known = daysKnownIn(pool);
  const missing = [...new Set(days)].filter((day) => !known.has(day)).sort();
  if (missing.length === 0) return;
  await withClient(pool, async (client) => {
    for (const day of missing) {
      await makePartitionsOfDay(client, day);
      known.add(day);
    }
  });
}

async function makePartitionsOfDay(client: pg.PoolClient, day: Day): Promise<void> {
  if ((await missingTables(client, day)).length === 0) return;
  // A failure closes the connection, which ends the transaction.
  await client.query("BEGIN");
  await client.query("SELECT pg_advisory_xact_lock($1)", [PARTITIONS_LOCK]);
  for (const table of await missingTables(client, day)) await client.query(makePartitionSql(table, day));
  await client.query("COMMIT");
}

/** Reads pg_class itself: to_regclass() may answer from the session's cache, which knows nothing of another's commit. */
async function missingTables(client: pg.PoolClient, day: Day): Promise<PartitionedTable[]> {
  const tables = PARTITIONED_TABLES.map(({ table }) => table);
  const result = await client.query<{ relname: string }>(
    "SELECT relname FROM pg_class WHERE relname = ANY ($1::text[]) AND relnamespace = current_schema()::regnamespace",
    [tables.map((table) => partitionName(table, day))],
  );
  const found = new Set(result.rows.map(({ relname }) => relname));
  return tables.filter((table) => !found.has(partitionName(table, day)));
}

/**
 * ATTACH, as CREATE ... PARTITION OF locks the whole table against reads and writes. A writer that has an open transaction on the table
 * and asks for a partition on another connection would wait for itself.
 */
function makePartitionSql(table: PartitionedTable, day: Day): string {
  const name = partitionName(table, day);
  return `CREATE TABLE ${name} (LIKE ${table} INCLUDING DEFAULTS INCLUDING STORAGE);
    ALTER TABLE ${table} ATTACH PARTITION ${name}
      FOR VALUES FROM ('${day} 00:00:00+00') TO ('${addDays(day, 1)} 00:00:00+00')`;
}

export interface Partition {
  table: PartitionedTable;
  name: string;
  day: Day;
}

/** The partitions there are, oldest first. */
export async function listPartitions(pool: pg.Pool): Promise<Partition[]> {
  const result = await pool.query<{ table: PartitionedTable; name: string }>(
    `SELECT parent.relname AS table, child.relname AS name
     FROM pg_inherits JOIN pg_class parent ON parent.oid = inhparent JOIN pg_class child ON child.oid = inhrelid
     WHERE parent.oid = ANY ($1::text[]::regclass[]) ORDER BY right(child.relname, 8), parent.relname`,
    [PARTITIONED_TABLES.map(({ table }) => table)],
  );
  return result.rows.map(({ table, name }) => {
    return { table, name, day: dayOfPartition(name) };
  });
}

/** Tables of days that were detached, and not dropped because the process ended between the two. */
export async function listDetached(pool: pg.Pool): Promise<Partition[]> {
  const result = await pool.query<{ table: PartitionedTable; name: string }>(
    `SELECT parent AS table, relname AS name FROM pg_class JOIN unnest($1::text[]) AS parent ON relname ~ ('^' || parent || '_\\d{8}$')
     WHERE relkind = 'r' AND NOT relispartition AND relnamespace = current_schema()::regnamespace ORDER BY relname`,
    [PARTITIONED_TABLES.map(({ table }) => table)],
  );
  return result.rows.map(({ table, name }) => {
    return { table, name, day: dayOfPartition(name) };
  });
}

function dayOfPartition(name: string): Day {
  const [, year, month, date] = /(\d{4})(\d\d)(\d\d)$/.exec(name) ?? [];
  return `${year}-${month}-${date}`;
}

/** Drops one partition without holding up readers and writers of the others. Its rows count as dropped from the same moment on. */
export async function dropPartition(pool: pg.Pool, partition: Partition): Promise<void> {
  const { table, name, day } = partition;
  await withClient(pool, async (client) => {
    await client.query("SELECT pg_advisory_lock($1)", [PARTITIONS_LOCK]);
    // A drop that was cut off leaves the partition half detached, or detached.
    const attached = await attachment(client, name);
    if (attached) {
      const step = attached.pending ? "FINALIZE" : "CONCURRENTLY";
      await client.query(`ALTER TABLE ${table} DETACH PARTITION ${name} ${step}`);
    }
    await dropDetached(client, partition);
    daysKnownIn(pool).delete(day);
    await client.query("SELECT pg_advisory_unlock($1)", [PARTITIONS_LOCK]);
  });
}

async function dropDetached(client: pg.PoolClient, { table, name }: Partition): Promise<void> {
  await client.query("BEGIN");
  if (NUMBERED_TABLES.some((numbered) => numbered === table)) {
    const counted = await client.query<{ rows: number }>(`SELECT count(*) AS rows FROM ${name}`);
    await client.query(
      "UPDATE audit_ledger SET dropped = dropped + $3::bigint WHERE ledger_id = $1::smallint AND stream = $2::text",
      [LEDGER_ID, table, counted.rows[0]!.rows],
    );
  }
  await client.query(`DROP TABLE ${name}`);
  await client.query("COMMIT");
}

async function attachment(client: pg.PoolClient, name: string): Promise<{ pending: boolean } | null> {
  const result = await client.query<{ pending: boolean }>(
    "SELECT inhdetachpending AS pending FROM pg_inherits WHERE inhrelid = $1::regclass",
    [name],
  );
  return result.rows[0] ?? null;
}
