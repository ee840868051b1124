import type pg from "pg";
import { pool } from "../../db/connection.ts";
import { explainOutage } from "../../db/outage.ts";
import { isBusy } from "../../db/pool.ts";
import { AppError } from "../../errors.ts";
import { parseFilter } from "../../filter/parse.ts";
import type { TimeReference } from "../../filter/relative-time.ts";
import type { FilterNode } from "../../filter/tree.ts";
import { bothFilters } from "../../filter/tree.ts";
import { onPostgres, onPostgresRaw, type RunRawSql, type RunSql } from "../store/sql.ts";
import type { AbsentValue } from "./comparison-sql.ts";
import { conditionSql, type ResolvedFilter, resolveFilter } from "./compile.ts";
import { readWindow, type TimeWindow } from "./schema.ts";
import type { AuditScope } from "./scope.ts";
import type { SqlParameters } from "./sql-parameters.ts";
import type { Surface } from "./surface.ts";

declare const prepared: unique symbol;

/**
 * A question about audit data, ready to run: its scope is part of every condition that it writes. Only `prepareQuery` makes one,
 * and every function that reads audit rows or counters takes one.
 */
export interface AuditQuery {
  readonly [prepared]: true;
  readonly surface: Surface;
  readonly window: TimeWindow;
  readonly filter: ResolvedFilter;
  readonly timeZone: string;
  /** Writes the scope and the filter (not the window) as a condition. */
  condition(parameters: SqlParameters, absent: AbsentValue): string;
}

export interface QueryInput {
  surface: Surface;
  scope: AuditScope;
  window: TimeWindow;
  filter: FilterNode | null;
  reference: TimeReference;
}

export async function prepareQuery(run: RunSql, input: QueryInput): Promise<AuditQuery> {
  const filter = await resolveFilter(run, input);
  const { surface, window, reference } = input;
  const condition = (parameters: SqlParameters, absent: AbsentValue) =>
    conditionSql(filter, parameters, absent);
  return { surface, window, filter, timeZone: reference.timeZone, condition } as AuditQuery;
}

/** The texts of a query, as a caller gives them. */
export interface QueryText {
  from?: string;
  to?: string;
  timeZone: string;
  filter?: string;
  search?: string;
}

/** What the texts mean; `now` is fixed so that pages and exports agree. */
export interface ReadQuery {
  window: TimeWindow;
  filter: FilterNode | null;
  reference: TimeReference;
}

/**
 * Reads a query's texts. `searchToFilter`: what the surface's search field means.
 * @throws AppError `invalid_argument` that points at the character of the filter, or names the window.
 */
export function readQuery(
  surface: Surface,
  query: QueryText,
  options: { searchToFilter?: (search: string) => FilterNode | null; now?: Date; maxDays?: number } = {},
): ReadQuery {
  const reference = { now: options.now ?? new Date(), timeZone: query.timeZone };
  const window = readWindow(query, reference);
  checkWindow(window, query, options.maxDays);
  const search = query.search && options.searchToFilter ? options.searchToFilter(query.search) : null;
  return { window, filter: bothFilters(readFilter(surface, query.filter), search), reference };
}

function readFilter(surface: Surface, text: string | undefined): FilterNode | null {
  const parsed = parseFilter(text ?? "", surface.fields);
  if (parsed.ok) return parsed.filter;
  const { message, start, end, expected } = parsed.error;
  const takes = expected.slice(0, 12).join(", ");
  throw new AppError("invalid_argument", `filter, character ${start + 1}: ${message}`, {
    details: [{ field: "filter", got: text?.slice(start, end), takes, range: { start, end } }],
  });
}

const DAY_MS = 86_400_000;

function checkWindow({ from, to }: TimeWindow, query: QueryText, maxDays: number | undefined): void {
  if (to < from) {
    const details = [
      { field: "to", got: query.to ?? to.toISOString(), takes: `a time after from (${from.toISOString()})` },
    ];
    throw new AppError("invalid_argument", "to lies before from; swap them or widen the range.", { details });
  }
  // An hour more: a window of days in a zone whose clocks change.
  if (maxDays !== undefined && to.getTime() - from.getTime() > maxDays * DAY_MS + 3_600_000) {
    const got = `${((to.getTime() - from.getTime()) / DAY_MS).toFixed(1)} days`;
    throw new AppError(
      "invalid_argument",
      `The range is ${got} long; it may be ${maxDays} days. Ask for a shorter one.`,
      {
        details: [{ field: "from", got, takes: `a range of at most ${maxDays} days` }],
      },
    );
  }
}

/** How long the database may take to answer one question. */
const ANSWER_MS = 10_000;
const QUERY_CANCELED = "57014";

/**
 * Runs reads on one snapshot, each bounded in time.
 * @throws AppError `unavailable` when the database did not answer in time.
 */
export async function readAudit<T>(
  read: (run: RunSql, runRaw: RunRawSql) => Promise<T>,
  answerMs = ANSWER_MS,
): Promise<T> {
  const client = await connect();
  const run = onPostgres(client);
  const runRaw = onPostgresRaw(client);
  const deadline = Date.now() + answerMs;
  // Many statements that are each in time may together not be.
  const checkTime = () => {
    if (Date.now() > deadline) throw tooSlow(answerMs, undefined);
  };
  let failure: Error | undefined;
  try {
    await client.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${answerMs}; SET LOCAL jit = off`,
    );
    const answer = await read(
      (text, parameters) => {
        checkTime();
        return run(text, parameters);
      },
      (text, parameters, onRow) => {
        checkTime();
        return runRaw(text, parameters, onRow);
      },
    );
    await client.query("COMMIT");
    return answer;
  } catch (error) {
    failure = error as Error;
    await client.query("ROLLBACK").then(
      () => (failure = undefined),
      () => undefined,
    );
    throw (error as { code?: string }).code === QUERY_CANCELED ? tooSlow(answerMs, error) : error;
  } finally {
    client.release(failure);
  }
}

async function connect(): Promise<pg.PoolClient> {
  try {
    return await pool().connect();
  } catch (error) {
    if (isBusy(pool())) throw allInUse(error);
    throw explainOutage(error);
  }
}

function allInUse(cause: unknown): AppError {
  return new AppError(
    "unavailable",
    `All ${pool().options.max} connections for reading the record are in use. Writing it has others. Try again in a moment.`,
    { cause, retryAfterSeconds: 5 },
  );
}

function tooSlow(answerMs: number, cause: unknown): AppError {
  return new AppError(
    "unavailable",
    `The database did not answer in ${Math.round(answerMs / 1_000)} s. Narrow the time range or the filter, then try again.`,
    { cause },
  );
}
