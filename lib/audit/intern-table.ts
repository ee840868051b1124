import { LRUCache } from "lru-cache";
import type pg from "pg";

/** A table of distinct rows of texts with a number for each: `columns` are its unique key. */
export interface InternedTable {
  name: string;
  columns: readonly string[];
}

/** No text in the database has a NUL, so joined rows are as distinct as the rows. */
const rowKey = (row: readonly string[]): string => row.join("\u0000");

/**
 * Gives rows of texts their ids and makes those that are missing. Statements run in transactions of their own: an id that
 * is handed out is there to stay, whatever becomes of the transaction that uses it. Rows are inserted in one order
 * everywhere, so that replicas never deadlock.
 */
export class InternTable {
  readonly #pool: pg.Pool;
  readonly #table: InternedTable;
  readonly #ids: LRUCache<string, number>;

  constructor(pool: pg.Pool, table: InternedTable, maxCached: number) {
    this.#pool = pool;
    this.#table = table;
    this.#ids = new LRUCache({ max: maxCached });
  }

  /** The ids of all `rows`, by `idOf` of the result. */
  async intern(rows: Iterable<readonly string[]>): Promise<InternedRows> {
    const found = new Map<string, number>();
    const missing = new Map<string, readonly string[]>();
    for (const row of rows) {
      const key = rowKey(row);
      if (found.has(key) || missing.has(key)) continue;
      const id = this.#ids.get(key);
      if (id === undefined) missing.set(key, row);
      else found.set(key, id);
    }
    // An insert can lose against another replica's, which a second look finds.
    for (const look of [this.#selectSql(), this.#insertSql(), this.#selectSql()]) {
      if (missing.size === 0) break;
      for (const [key, id] of await this.#look(look, missing)) {
        found.set(key, id);
        this.#ids.set(key, id);
        missing.delete(key);
      }
    }
    if (missing.size > 0) throw new Error(`${this.#table.name}: ${missing.size} rows could not be interned`);
    return new InternedRows(found);
  }

  async #look(sql: string, missing: ReadonlyMap<string, readonly string[]>): Promise<[string, number][]> {
    const rows = [...missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
    const columns = this.#table.columns.map((_, index) => rows.map((row) => row[index]));
    const result = await this.#pool.query<Record<string, string> & { id: number }>(sql, columns);
    return result.rows.map((row) => [rowKey(this.#table.columns.map((column) => row[column]!)), row.id]);
  }

  #unnest(): string {
    const arrays = this.#table.columns.map((_, index) => `$${index + 1}::text[]`).join(", ");
    return `unnest(${arrays}) AS given (${this.#table.columns.join(", ")})`;
  }

  #selectSql(): string {
    const columns = this.#table.columns.join(", ");
    return `SELECT id, ${columns} FROM ${this.#table.name} JOIN ${this.#unnest()} USING (${columns})`;
  }

  #insertSql(): string {
    const columns = this.#table.columns.join(", ");
    return `INSERT INTO ${this.#table.name} (${columns}) SELECT ${columns} FROM ${this.#unnest()}
      ON CONFLICT DO NOTHING RETURNING id, ${columns}`;
  }
}

/** The ids that one call of `intern` found: complete for its rows, whatever the cache evicts meanwhile. */
export class InternedRows {
  readonly #ids: ReadonlyMap<string, number>;

  constructor(ids: ReadonlyMap<string, number>) {
    this.#ids = ids;
  }

  idOf(row: readonly string[]): number {
    const id = this.#ids.get(rowKey(row));
    if (id === undefined) throw new Error(`not interned: ${row.join(", ")}`);
    return id;
  }
}
