import type pg from "pg";
import type { Day } from "./partitions.ts";

/** A table of distinct rows of texts with a number for each: `columns` are its unique key. */
export interface InternedTable {
  name: string;
  columns: readonly string[];
}

/** What an id is to be used for. */
export interface Use {
  /** The latest day of what will name it: kept in `last_day`, which retention goes by. */
  day: Day;
  /** How many new rows may be made, of those that are missing; all where it is left out. */
  takeNew?: (missing: number) => number;
}

/** A row's number, and the latest day of what names it, as far as that is known. */
export interface Known {
  id: number;
  lastDay: Day;
}

/** The id where rows of the day may name it as it is. */
export const usableId = (known: Known | undefined, day: Day): number | undefined =>
  known !== undefined && known.lastDay >= day ? known.id : undefined;

/** No text in the database has a NUL, so joined rows are as distinct as the rows. */
const rowKey = (row: readonly string[]): string => row.join("\u0000");

/**
 * Gives rows of texts their ids and makes those that are missing. Statements run in transactions of their own: an id that
 * is handed out is there to stay for its day, whatever becomes of the transaction that uses it. Rows are inserted and marked in one order
 * everywhere, so that replicas never deadlock.
 */
export class InternTable {
  readonly #pool: pg.Pool;
  readonly #table: InternedTable;

  constructor(pool: pg.Pool, table: InternedTable) {
    this.#pool = pool;
    this.#table = table;
  }

  /** The ids of all `rows`; without those that `takeNew` did not allow. */
  async intern(rows: Iterable<readonly string[]>, use: Use): Promise<InternedRows> {
    const found = new Map<string, Known>();
    const missing = new Map<string, readonly string[]>();
    for (const row of rows) missing.set(rowKey(row), row);
    const keep = (looked: Map<string, Known>) => {
      for (const [key, known] of looked) {
        found.set(key, known);
        missing.delete(key);
      }
    };
    if (missing.size > 0) keep(await this.#find(missing, use.day));
    if (missing.size > 0) leaveOut(missing, use.takeNew);
    if (missing.size > 0) keep(await this.#insert(missing, use.day));
    // An insert can lose against another replica's, which a second look finds.
    if (missing.size > 0) keep(await this.#find(missing, use.day));
    if (missing.size > 0) throw new Error(`${this.#table.name}: ${missing.size} rows could not be interned`);
    return new InternedRows(found);
  }

  /** Those that are there and stay: marked as used on the day, where they are not yet. */
  async #find(missing: ReadonlyMap<string, readonly string[]>, day: Day): Promise<Map<string, Known>> {
    const columns = this.#table.columns.join(", ");
    const found = await this.#look(
      `SELECT id, ${columns}, last_day::text AS "lastDay" FROM ${this.#table.name} JOIN ${this.#unnest()} USING (${columns})`,
      missing,
    );
    const old = [...found].filter(([, { lastDay }]) => lastDay < day);
    if (old.length === 0) return found;
    const marked = await this.#mark(
      old.map(([, { id }]) => id),
      day,
    );
    for (const [key, { id }] of old) {
      // One that is gone was removed by retention between the two statements: it is made anew.
      if (marked.has(id)) found.set(key, { id, lastDay: day });
      else found.delete(key);
    }
    return found;
  }

  async #mark(ids: number[], day: Day): Promise<Set<number>> {
    const { name } = this.#table;
    const result = await this.#pool.query<{ id: number }>(
      `WITH used AS MATERIALIZED (SELECT id FROM ${name} WHERE id = ANY ($1::int[]) ORDER BY id FOR NO KEY UPDATE)
       UPDATE ${name} SET last_day = greatest(last_day, $2::date) FROM used WHERE ${name}.id = used.id RETURNING ${name}.id`,
      [ids, day],
    );
    return new Set(result.rows.map(({ id }) => id));
  }

  #insert(missing: ReadonlyMap<string, readonly string[]>, day: Day): Promise<Map<string, Known>> {
    const columns = this.#table.columns.join(", ");
    const dayParameter = `$${this.#table.columns.length + 1}::date`;
    return this.#look(
      `INSERT INTO ${this.#table.name} (${columns}, last_day) SELECT ${columns}, ${dayParameter} FROM ${this.#unnest()}
       ON CONFLICT DO NOTHING RETURNING id, ${columns}, last_day::text AS "lastDay"`,
      missing,
      [day],
    );
  }

  async #look(
    sql: string,
    missing: ReadonlyMap<string, readonly string[]>,
    more: unknown[] = [],
  ): Promise<Map<string, Known>> {
    const rows = [...missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
    const columns = this.#table.columns.map((_, index) => rows.map((row) => row[index]));
    const result = await this.#pool.query<Record<string, string> & Known>(sql, [...columns, ...more]);
    return new Map(
      result.rows.map(({ id, lastDay, ...row }) => [
        rowKey(this.#table.columns.map((column) => row[column]!)),
        { id, lastDay },
      ]),
    );
  }

  #unnest(): string {
    const arrays = this.#table.columns.map((_, index) => `$${index + 1}::text[]`).join(", ");
    return `unnest(${arrays}) AS given (${this.#table.columns.join(", ")})`;
  }
}

/** Takes out those that may not be made. */
function leaveOut(missing: Map<string, unknown>, takeNew: Use["takeNew"]): void {
  if (takeNew === undefined) return;
  const allowed = takeNew(missing.size);
  for (const key of [...missing.keys()].slice(allowed)) missing.delete(key);
}

/** What one call of `intern` found. */
export class InternedRows {
  readonly #known: ReadonlyMap<string, Known>;

  constructor(known: ReadonlyMap<string, Known>) {
    this.#known = known;
  }

  /** Undefined for a row that was left out. */
  find(row: readonly string[]): Known | undefined {
    return this.#known.get(rowKey(row));
  }
}
