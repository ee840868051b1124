import type { RawRow, RunRawSql, RunSql } from "../store/sql.ts";
import type { AuditQuery } from "./audit-query.ts";
import type { RowKey } from "./cursor.ts";
import { type Order, type Span, walkSpans } from "./spans.ts";
import { SqlParameters } from "./sql-parameters.ts";

/** A fact row as the database has it, by column, with its key. */
export type FactRow = Record<string, unknown> & { no: number; ledger_id: number };

export interface PageInput {
  limit: number;
  /** Newest first unless said otherwise. */
  order?: Order;
  /** Rows after this one, in the order. */
  after?: RowKey | null;
  /** Only numbers above. */
  afterNo?: number;
  /** Only numbers up to: what came later is not seen. */
  upToNo?: number;
}

/**
 * Reads the next rows, walking the window a day (a partition) at a time: the cost is that of the rows read, at any depth.
 */
export async function readRows(run: RunSql, query: AuditQuery, page: PageInput): Promise<FactRow[]> {
  const rows: FactRow[] = [];
  await walkRows(run, query, page, async (span, left) => {
    const { text, values } = rowsSql(query, span, { ...page, limit: left });
    const found = await run<FactRow>(text, values);
    rows.push(...found);
    return found.length;
  });
  return rows;
}

/** Hands over the columns (in SQL) of the next rows, for reading many. Answers how many there were. */
export function readRawRows(
  sql: { run: RunSql; runRaw: RunRawSql },
  query: AuditQuery,
  page: PageInput & { columns: readonly string[]; onRow: (row: RawRow) => void },
): Promise<number> {
  return walkRows(sql.run, query, page, async (span, left) => {
    const { text, values } = rowsSql(query, span, { ...page, limit: left }, page.columns.join(", "));
    let found = 0;
    await sql.runRaw(text, values, (row) => {
      found += 1;
      page.onRow(row);
    });
    return found;
  });
}

/** `read` answers how many rows it found. */
async function walkRows(
  run: RunSql,
  query: AuditQuery,
  page: PageInput,
  read: (span: Span, left: number) => Promise<number>,
): Promise<number> {
  let rows = 0;
  const order = page.order ?? "newest";
  for await (const span of walkSpans(run, query, spanAfter(page, order), order)) {
    rows += await read(span, page.limit - rows);
    if (rows >= page.limit) break;
  }
  return rows;
}

function spanAfter({ after }: PageInput, order: Order): Span {
  if (!after) return { from: -Infinity, to: Infinity };
  return order === "newest" ? { from: -Infinity, to: after.time + 1 } : { from: after.time, to: Infinity };
}

/** The statement for one span's rows. */
export function rowsSql(
  query: AuditQuery,
  span: Span,
  page: PageInput,
  columns = "*",
): { text: string; values: unknown[] } {
  const { table, time } = query.surface;
  const parameters = new SqlParameters();
  const [direction, beyond] = page.order === "oldest" ? ["ASC", ">"] : ["DESC", "<"];
  const at = (milliseconds: number) => parameters.add(new Date(milliseconds).toISOString(), "timestamptz");
  const conditions = [`${time} >= ${at(span.from)}`, `${time} < ${at(span.to)}`];
  if (page.after) {
    const { time: last, ledgerId, no } = page.after;
    const key = [at(last), parameters.add(ledgerId, "smallint"), parameters.add(no, "bigint")].join(", ");
    conditions.push(`(${time}, ledger_id, no) ${beyond} (${key})`);
  }
  if (page.afterNo !== undefined) conditions.push(`no > ${parameters.add(page.afterNo, "bigint")}`);
  if (page.upToNo !== undefined) conditions.push(`no <= ${parameters.add(page.upToNo, "bigint")}`);
  conditions.push(query.condition(parameters, "null"));
  const text = `SELECT ${columns} FROM ${table} WHERE ${conditions.join(" AND ")}
    ORDER BY ${time} ${direction}, ledger_id ${direction}, no ${direction} LIMIT ${parameters.add(page.limit, "int")}`;
  return { text, values: parameters.values };
}

/** A row's place in the order. */
export function keyOfRow(row: FactRow, time: string): RowKey {
  return { time: (row[time] as Date).getTime(), ledgerId: row.ledger_id, no: row.no };
}
