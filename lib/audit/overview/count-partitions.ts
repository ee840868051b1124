import type { LedgerStream } from "../store/ledger.ts";
import type { RunSql } from "../store/sql.ts";

/** A day's partition as it was counted. */
interface Counted {
  rows: number;
  /** What the server tells of changes since; other than new rows there should be none. */
  signs: Signs;
}

interface Signs {
  file: number;
  inserted: number;
  updated: number;
  deleted: number;
}

/** What is known of a stream's partitions, by their oid. All were counted up to the same number. */
export interface PartitionCounts {
  partitions: ReadonlyMap<number, Counted>;
  upTo: number;
  /** The one that was counted because it was its turn. */
  turn: string | null;
}

export const NOTHING_COUNTED: PartitionCounts = { partitions: new Map(), upTo: 0, turn: null };

/** A partition as the server describes it. */
export interface Partition extends Signs {
  oid: number;
  name: string;
}

/**
 * Counts a stream's rows at a cost that does not grow with the record: the rows since the last count, found by their number; all rows of the days whose
 * statistics say that something else was done to them; and all rows of one more day, each in its turn, as statistics can be switched off and reset.
 * `there` was read before the snapshot of `run`: a change between the two is then seen again, and not overlooked.
 * `pending`: days that there was no time to count; the next call goes on with them, newest first.
 */
export async function countPartitions(
  run: RunSql,
  stream: LedgerStream,
  input: { there: readonly Partition[]; known: PartitionCounts; lastNo: number; budgetMs: number },
): Promise<{ counts: PartitionCounts; rows: number; pending: number }> {
  const { there, known, lastNo } = input;
  const deadline = Date.now() + input.budgetMs;
  // Where nothing was counted yet, all of it is below. A record that was found empty has been counted.
  const added = known.partitions.size === 0 ? NO_ROWS : await countAbove(run, stream, known.upTo);
  const turn = (there.find(({ name }) => known.turn !== null && name < known.turn) ?? there[0])?.name ?? null;
  const partitions = new Map<number, Counted>();
  for (const part of there) {
    const before = known.partitions.get(part.oid);
    if (before && part.name !== turn && isUntouched(before.signs, part)) {
      partitions.set(part.oid, { rows: before.rows + (added.get(part.oid) ?? 0), signs: signsOf(part) });
    } else if (Date.now() < deadline) {
      partitions.set(part.oid, { rows: await countAll(run, part.name), signs: signsOf(part) });
    }
  }
  const rows = partitions.values().reduce((sum, counted) => sum + counted.rows, 0);
  return { counts: { partitions, upTo: lastNo, turn }, rows, pending: there.length - partitions.size };
}

const NO_ROWS: ReadonlyMap<number, number> = new Map();

const signsOf = ({ file, inserted, updated, deleted }: Partition): Signs => {
  return { file, inserted, updated, deleted };
};

function isUntouched(before: Signs, now: Signs): boolean {
  const same = (["file", "updated", "deleted"] as const).every((sign) => before[sign] === now[sign]);
  return same && now.inserted >= before.inserted;
}

/** The partitions of a stream, newest day first. */
export function describePartitions(run: RunSql, stream: LedgerStream): Promise<Partition[]> {
  return run<Partition>(
    `SELECT child.oid::int8 AS oid, child.relname AS name, child.relfilenode::int8 AS file,
       pg_stat_get_tuples_inserted(child.oid) AS inserted, pg_stat_get_tuples_updated(child.oid) AS updated,
       pg_stat_get_tuples_deleted(child.oid) AS deleted
     FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
     WHERE inhparent = $1::regclass AND NOT inhdetachpending ORDER BY child.relname DESC`,
    [stream],
  );
}

async function countAbove(run: RunSql, stream: LedgerStream, upTo: number): Promise<Map<number, number>> {
  const rows = await run<{ oid: number; rows: number }>(
    `SELECT tableoid::int8 AS oid, count(*) AS rows FROM ${stream} WHERE no > $1::bigint GROUP BY 1`,
    [upTo],
  );
  return new Map(rows.map(({ oid, rows: count }) => [oid, count]));
}

async function countAll(run: RunSql, partition: string): Promise<number> {
  const [row] = await run<{ rows: number }>(`SELECT count(*) AS rows FROM ${partition}`, []);
  return row?.rows ?? 0;
}
