import { conditionSql, resolveFilter } from "../../audit/query/compile.ts";
import { lastNoOf } from "../../audit/query/last-no.ts";
import type { FactRow } from "../../audit/query/rows.ts";
import type { AuditScope } from "../../audit/query/scope.ts";
import { SqlParameters } from "../../audit/query/sql-parameters.ts";
import { findNextNo } from "../../audit/sinks/find-next-no.ts";
import { LEDGER_ID } from "../../audit/store/ledger.ts";
import type { RunSql } from "../../audit/store/sql.ts";
import { parseFilter } from "../../filter/parse.ts";
import type { FilterNode } from "../../filter/tree.ts";
import type { BatchRecord } from "../destinations/destination/destination.ts";
import type { SurfaceChoice } from "../stored/schema.ts";
import type { StreamSurface } from "../surfaces/schema.ts";
import { type RecordSource, SOURCES } from "../surfaces/sources.ts";
import type { RecordWriter } from "./write-record.ts";

/** Records of one surface in order of No, as they are sent. */
export interface Page {
  records: BatchRecord[];
  /** All that matches up to this number is among them. */
  upTo: number;
  /** The newest number that there was. */
  newest: number;
}

interface PageRange {
  after: number;
  /** Numbers up to this one; null: up to the newest. */
  upTo: number | null;
  /** Records at most. */
  limit: number;
}

interface ReaderOptions {
  run: RunSql;
  /** Shows the right to everybody's records. */
  scope: AuditScope;
  surface: StreamSurface;
  choice: SurfaceChoice;
  write: RecordWriter;
}

const FIRST_WIDTH = 2_000;
/** A page looks through no more numbers for records that match: what a statement costs has a bound. */
const MOST_WIDTH = 50_000;
/** Pages are about so large when they are written: large rows come fewer at a time. */
const PAGE_BYTES = 1_000_000;
const DAY_MS = 86_400_000;

/** Reads what a stream sends of one surface. Every number up to the ledger's last is committed: none comes later (lib/audit/sinks/read-record.ts). */
export class PageReader {
  readonly #options: ReaderOptions;
  readonly #source: RecordSource;
  readonly #filter: FilterNode | null;
  #width = FIRST_WIDTH;
  #limit = Number.POSITIVE_INFINITY;
  #near: number | null = null;

  /** @throws Error where the filter is none. */
  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#source = SOURCES[options.surface];
    const parsed = parseFilter(options.choice.filter, this.#source.surface.fields);
    if (!parsed.ok) throw new Error(`the filter of ${options.surface}: ${parsed.error.message}`);
    this.#filter = parsed.filter;
  }

  /** The next records after a number; none where there are none yet. */
  async read(range: PageRange): Promise<Page> {
    const { run } = this.#options;
    const newest = await lastNoOf(run, this.#source.surface.stream);
    const last = Math.min(range.upTo ?? newest, newest);
    if (range.after >= last) return { records: [], upTo: range.after, newest };
    const limit = Math.max(1, Math.min(range.limit, this.#limit));
    const end = Math.min(range.after + (this.#filter ? this.#width : limit), last);
    const rows = await this.#select(range.after, end, limit);
    const full = rows.length === limit;
    if (this.#filter)
      this.#width = full ? Math.max(FIRST_WIDTH, this.#width / 2) : Math.min(this.#width * 2, MOST_WIDTH);
    if (rows.length === 0) return { records: [], upTo: await this.#passGone(end, last), newest };
    return { records: await this.#write(rows), upTo: full ? rows.at(-1)!.no : end, newest };
  }

  /** Those of some numbers that are on the record; `between`: when they happened. */
  async readNumbers(
    numbers: readonly number[],
    between: { from: number; to: number },
  ): Promise<BatchRecord[]> {
    const { run } = this.#options;
    const { table, time } = this.#source.surface;
    const rows = await run<FactRow>(
      `SELECT * FROM ${table} WHERE no = ANY ($1::bigint[]) AND ledger_id = $2::smallint
         AND ${time} >= $3::timestamptz AND ${time} <= $4::timestamptz ORDER BY no`,
      [numbers, LEDGER_ID, ...[between.from, between.to].map((at) => new Date(at).toISOString())],
    );
    return this.#write(rows);
  }

  async #write(rows: FactRow[]): Promise<BatchRecord[]> {
    const { run, write, surface } = this.#options;
    const { time } = this.#source.surface;
    const entries = await this.#source.toEntries(run, rows);
    const records = rows.map((row, index) =>
      write(surface, { no: row.no, at: (row[time] as Date).getTime(), entry: entries[index]! }),
    );
    this.#near = (rows.at(-1)?.[time] as Date | undefined)?.getTime() ?? this.#near;
    const bytes = records.reduce((sum, { text }) => sum + text.length, 0);
    this.#limit = Math.max(1, Math.floor((records.length * PAGE_BYTES) / Math.max(bytes, 1)));
    return records;
  }

  /** Behind a range in which nothing matches: also past the numbers whose rows retention dropped. */
  async #passGone(end: number, last: number): Promise<number> {
    if (this.#filter || end >= last) return end;
    const { stream } = this.#source.surface;
    const next = await findNextNo(this.#options.run, stream, { after: end, lastNo: last });
    return next === null ? last : next - 1;
  }

  /** Most pages are in the days around the last one's: where all numbers are there, no other day is looked into. */
  async #select(after: number, end: number, limit: number): Promise<FactRow[]> {
    const near = this.#near;
    if (near !== null && !this.#filter) {
      const rows = await this.#selectIn(after, end, limit, near);
      if (rows.length === end - after) return rows;
    }
    const isThere =
      near !== null && this.#filter !== null && (await this.#countNear(after, end, near)) === end - after;
    return this.#selectIn(after, end, limit, isThere ? near : null);
  }

  /** How many records of these numbers the days around have, whether they match or not. */
  async #countNear(after: number, end: number, near: number): Promise<number> {
    const parameters = new SqlParameters();
    const where = this.#range(parameters, { after, end, near });
    const [found] = await this.#options.run<{ count: number }>(
      `SELECT count(*) AS count FROM ${this.#source.surface.table} WHERE ${where}`,
      parameters.values,
    );
    return found!.count;
  }

  #range(
    parameters: SqlParameters,
    { after, end, near }: { after: number; end: number; near: number | null },
  ): string {
    const { time } = this.#source.surface;
    const conditions = [
      `no > ${parameters.add(after, "bigint")}`,
      `no <= ${parameters.add(end, "bigint")}`,
      `ledger_id = ${parameters.add(LEDGER_ID, "smallint")}`,
    ];
    const at = (milliseconds: number) => parameters.add(new Date(milliseconds).toISOString(), "timestamptz");
    if (near !== null) conditions.push(`${time} >= ${at(near - DAY_MS)}`, `${time} < ${at(near + DAY_MS)}`);
    return conditions.join(" AND ");
  }

  async #selectIn(after: number, end: number, limit: number, near: number | null): Promise<FactRow[]> {
    const { run, scope } = this.#options;
    const { surface } = this.#source;
    const parameters = new SqlParameters();
    const conditions = [this.#range(parameters, { after, end, near })];
    if (this.#filter) {
      const reference = { now: new Date(), timeZone: "UTC" };
      const window = { from: new Date(0), to: reference.now };
      const resolved = await resolveFilter(run, { surface, scope, window, filter: this.#filter, reference });
      conditions.push(`(${conditionSql(resolved, parameters, "null")})`);
    }
    return run<FactRow>(
      `SELECT * FROM ${surface.table} WHERE ${conditions.join(" AND ")} ORDER BY no LIMIT ${parameters.add(limit, "int")}`,
      parameters.values,
    );
  }
}
