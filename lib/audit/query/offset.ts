import type { RunSql } from "../store/sql.ts";
import type { AuditQuery } from "./audit-query.ts";
import { isCounted } from "./compile.ts";
import { countSpan } from "./count.ts";
import { partsOf, type WindowPart } from "./counters.ts";
import { type FactRow, rowsSql } from "./rows.ts";
import { type Order, type Span, walkSpans } from "./spans.ts";
import { SqlParameters } from "./sql-parameters.ts";

export interface OffsetPage {
  offset: number;
  limit: number;
  order: Order;
}

/** Where a page starts: `skip` rows, in the order, into the rest of the window from a span on. */
interface Start {
  window: Span;
  skip: number;
}

/**
 * The page that starts `offset` rows into the order. Skipped rows are not read: counters a day, then a minute, tell where the page
 * starts, and what is skipped one by one is less than a minute's rows. (Filters that counters do not know count the rows.)
 */
export async function readRowsAtOffset(run: RunSql, query: AuditQuery, page: OffsetPage): Promise<FactRow[]> {
  const start = page.offset === 0 ? wholeWindow(query) : await findStart(run, query, page);
  if (!start || page.limit === 0) return [];
  const rows: FactRow[] = [];
  let skip = start.skip;
  for await (const span of walkSpans(run, query, start.window, page.order)) {
    const { text, values } = rowsSql(query, span, { limit: page.limit - rows.length, order: page.order });
    rows.push(...(await run<FactRow>(`${text} OFFSET ${skip}`, values)));
    if (rows.length > 0) skip = 0;
    else if (skip > 0) skip -= await countSpan(run, query, span, null);
    if (rows.length >= page.limit) break;
  }
  return rows;
}

function wholeWindow({ window }: AuditQuery): Start {
  return { window: { from: window.from.getTime(), to: window.to.getTime() }, skip: 0 };
}

function findStart(run: RunSql, query: AuditQuery, page: OffsetPage): Promise<Start | null> {
  return isCounted(query.filter) ? findCountedStart(run, query, page) : findStartByRows(run, query, page);
}

async function findCountedStart(
  run: RunSql,
  query: AuditQuery,
  { offset, order }: OffsetPage,
): Promise<Start | null> {
  const { counters } = query.surface;
  let window = wholeWindow(query).window;
  let left = offset;
  // Once by the widest counters; then within the one day that was found, by the finer ones.
  for (let depth = 0; depth < counters.length; depth++) {
    const slots = await readSlots(run, query, partsOf(window.from, window.to, counters.slice(depth)));
    const inOrder = order === "newest" ? slots.reverse() : slots;
    const found = inOrder.find((slot) => {
      if (left < slot.count) return true;
      left -= slot.count;
      return false;
    });
    if (!found) return null;
    window = { from: found.from, to: found.to };
  }
  const whole = query.window;
  return order === "newest"
    ? { window: { from: whole.from.getTime(), to: window.to }, skip: left }
    : { window: { from: window.from, to: whole.to.getTime() }, skip: left };
}

interface Slot extends Span {
  count: number;
}

/** Matching rows of each day, minute, or leftover of a minute, oldest first. */
async function readSlots(run: RunSql, query: AuditQuery, parts: readonly WindowPart[]): Promise<Slot[]> {
  if (parts.length === 0) return [];
  const parameters = new SqlParameters();
  const statements = parts.map(({ from, to, counter }) => {
    const { table, time } = counter ?? query.surface;
    const range = [from, to].map((at) => parameters.add(new Date(at).toISOString(), "timestamptz"));
    const start = counter ? time : range[0];
    const width = parameters.add(counter?.milliseconds ?? to - from, "bigint");
    return `SELECT ${start} AS start, ${width} AS width, ${counter ? "sum(count)" : "count(*)"}::bigint AS count FROM ${table}
      WHERE ${time} >= ${range[0]} AND ${time} < ${range[1]} AND ${query.condition(parameters, counter ? "zero" : "null")}
      GROUP BY 1`;
  });
  const rows = await run<{ start: Date; width: number; count: number }>(
    `${statements.join(" UNION ALL ")} ORDER BY 1`,
    parameters.values,
  );
  return rows.map(({ start, width, count }) => ({
    from: start.getTime(),
    to: start.getTime() + width,
    count,
  }));
}

async function findStartByRows(
  run: RunSql,
  query: AuditQuery,
  { offset, order }: OffsetPage,
): Promise<Start | null> {
  const { window } = wholeWindow(query);
  let left = offset;
  for await (const span of walkSpans(run, query, window, order)) {
    const count = await countSpan(run, query, span, null);
    if (left < count) {
      const rest =
        order === "newest" ? { from: window.from, to: span.to } : { from: span.from, to: window.to };
      return { window: rest, skip: left };
    }
    left -= count;
  }
  return null;
}
