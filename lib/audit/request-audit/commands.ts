import type { Context } from "../../context.ts";
import type { FilterNode } from "../../filter/tree.ts";
import { type AuditQuery, prepareQuery, type QueryText, readAudit } from "../query/audit-query.ts";
import { formatCursor, type RowKey, readCursor } from "../query/cursor.ts";
import { recordSearch } from "../query/record-read.ts";
import { keyOfRow, readRows } from "../query/rows.ts";
import type { AuditScope } from "../query/scope.ts";
import { SqlParameters } from "../query/sql-parameters.ts";
import type { RunSql } from "../store/sql.ts";
import { readCommands } from "./command-details.ts";
import { type CommandKey, KEY_COLUMNS, keyText, sessionsOf } from "./command-key.ts";
import { COMMAND_SURFACE } from "./command-surface.ts";
import type { RequestRow } from "./entries.ts";
import { readRequestQuery } from "./read.ts";
import type { RequestAuditCommands } from "./schema.ts";
import { REQUEST_SURFACE } from "./surface.ts";

interface CommandsInput {
  ctx: Context;
  scope: AuditScope;
  query: QueryText & { limit: number; cursor?: string };
}

const WITH_SESSION: FilterNode = { kind: "comparison", field: "sessionId", op: "present", values: [] };
const ROWS_A_STEP = 500;

/** The same question of both: what kubectl claims with its calls, and the web shell's own command lines, which may have made none. */
interface CommandsQuery {
  calls: AuditQuery;
  lines: AuditQuery;
}

type Row = RequestRow & CommandKey;

/**
 * The commands that match, or have a matching call in the window, the one with the newest first. Their numbers are those of all their matching
 * calls; a command is on the page where its newest one lies.
 */
export async function listCommands({ ctx, scope, query }: CommandsInput): Promise<RequestAuditCommands> {
  const words = readRequestQuery(query);
  await recordSearch(ctx, "RequestAudit", words);
  const filter: FilterNode = words.filter
    ? { kind: "and", nodes: [WITH_SESSION, words.filter] }
    : WITH_SESSION;
  const start = query.cursor === undefined ? null : readCursor(query.cursor);
  return readAudit(async (run) => {
    const asked = { scope, ...words, filter };
    const prepared = {
      calls: await prepareQuery(run, { surface: REQUEST_SURFACE, ...asked }),
      lines: await prepareQuery(run, { surface: COMMAND_SURFACE, ...asked }),
    };
    const { found, next } = await findCommands(run, prepared, { limit: query.limit, start });
    return {
      commands: await readCommands(run, prepared.calls, found),
      next: next ? formatCursor(next) : null,
    };
  });
}

/** Walks calls and lines, newest first, until enough commands are found whose newest lies here. */
async function findCommands(
  run: RunSql,
  query: CommandsQuery,
  page: { limit: number; start: RowKey | null },
) {
  const found = new Map<string, CommandKey>();
  const seen = new Set<string>();
  let after = page.start;
  for (;;) {
    const rows = await readBoth(run, query, after);
    const fresh = rows.filter((row) => !seen.has(keyText(row)));
    const earlier = page.start
      ? await commandsBefore(run, query.calls, fresh, page.start)
      : new Set<string>();
    for (const row of rows) {
      const key = keyText(row);
      if (!seen.has(key)) {
        if (found.size === page.limit && !earlier.has(key)) return { found, next: after };
        seen.add(key);
        if (!earlier.has(key)) found.set(key, row);
      }
      after = keyOfRow(row, REQUEST_SURFACE.time);
    }
    if (rows.length < ROWS_A_STEP) return { found, next: null };
  }
}

/** The next rows of both, as one list. */
async function readBoth(run: RunSql, { calls, lines }: CommandsQuery, after: RowKey | null): Promise<Row[]> {
  const page = { limit: ROWS_A_STEP, after };
  const rows = (await readRows(run, calls, page)).concat(await readRows(run, lines, page)) as Row[];
  return rows.toSorted(newestFirst).slice(0, ROWS_A_STEP);
}

const newestFirst = (a: Row, b: Row): number =>
  b.executed_at.getTime() - a.executed_at.getTime() || b.ledger_id - a.ledger_id || b.no - a.no;

/** Which of the commands have a newer matching call than the page's start: they were on an earlier page. */
async function commandsBefore(
  run: RunSql,
  query: AuditQuery,
  commands: readonly CommandKey[],
  start: RowKey,
): Promise<Set<string>> {
  const parameters = new SqlParameters();
  const ids = parameters.add(sessionsOf(commands), "uuid[]");
  const time = parameters.add(new Date(start.time).toISOString(), "timestamptz");
  const to = parameters.add(query.window.to.toISOString(), "timestamptz");
  const key = `(${time}, ${parameters.add(start.ledgerId, "smallint")}, ${parameters.add(start.no, "bigint")})`;
  const rows = await run<CommandKey>(
    `SELECT DISTINCT ${KEY_COLUMNS} FROM kube_request WHERE session_id = ANY (${ids}) AND executed_at >= ${time} AND executed_at < ${to}
       AND (executed_at, ledger_id, no) >= ${key} AND ${query.condition(parameters, "null")}`,
    parameters.values,
  );
  return new Set(rows.map(keyText));
}
