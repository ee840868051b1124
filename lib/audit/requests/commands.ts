import type { Context } from "../../context.ts";
import type { FilterNode } from "../../filter/tree.ts";
import { type AuditQuery, prepareQuery, type QueryText, readAudit } from "../query/audit-query.ts";
import { formatCursor, type RowKey, readCursor } from "../query/cursor.ts";
import { recordSearch } from "../query/record-read.ts";
import { keyOfRow, readRows } from "../query/rows.ts";
import { SqlParameters } from "../query/sql-parameters.ts";
import { readTexts } from "../query/texts.ts";
import type { AuditScope } from "../scope.ts";
import type { RunSql } from "../sql.ts";
import type { RequestRow } from "./entries.ts";
import { readRequestQuery } from "./read.ts";
import type { RequestAuditCommand, RequestAuditCommands } from "./schema.ts";
import { REQUEST_SURFACE } from "./surface.ts";

interface CommandsInput {
  ctx: Context;
  scope: AuditScope;
  query: QueryText & { limit: number; cursor?: string };
}

const WITH_SESSION: FilterNode = { kind: "comparison", field: "sessionId", op: "present", values: [] };
const ROWS_A_STEP = 500;

/**
 * The commands that have a matching call in the window, the one with the newest first. Their numbers are those of all their matching
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
    const prepared = await prepareQuery(run, { surface: REQUEST_SURFACE, scope, ...words, filter });
    const { sessions, next } = await findSessions(run, prepared, { limit: query.limit, start });
    return { commands: await readCommands(run, prepared, sessions), next: next ? formatCursor(next) : null };
  });
}

/** Walks the calls, newest first, until enough sessions are found whose newest call lies here. */
async function findSessions(run: RunSql, query: AuditQuery, page: { limit: number; start: RowKey | null }) {
  const sessions: string[] = [];
  const seen = new Set<string>();
  let after = page.start;
  for (;;) {
    const rows = (await readRows(run, query, { limit: ROWS_A_STEP, after })) as RequestRow[];
    const fresh = new Set(
      rows.map((row) => row.session_id as string).filter((session) => !seen.has(session)),
    );
    const earlier = page.start ? await sessionsBefore(run, query, [...fresh], page.start) : new Set<string>();
    for (const row of rows) {
      const session = row.session_id as string;
      if (!seen.has(session)) {
        if (sessions.length === page.limit && !earlier.has(session)) return { sessions, next: after };
        seen.add(session);
        if (!earlier.has(session)) sessions.push(session);
      }
      after = keyOfRow(row, REQUEST_SURFACE.time);
    }
    if (rows.length < ROWS_A_STEP) return { sessions, next: null };
  }
}

/** Which of the sessions have a newer matching call than the page's start: they were on an earlier page. */
async function sessionsBefore(
  run: RunSql,
  query: AuditQuery,
  sessions: string[],
  start: RowKey,
): Promise<Set<string>> {
  const parameters = new SqlParameters();
  const ids = parameters.add(sessions, "uuid[]");
  const time = parameters.add(new Date(start.time).toISOString(), "timestamptz");
  const to = parameters.add(query.window.to.toISOString(), "timestamptz");
  const key = `(${time}, ${parameters.add(start.ledgerId, "smallint")}, ${parameters.add(start.no, "bigint")})`;
  const rows = await run<{ session_id: string }>(
    `SELECT DISTINCT session_id FROM kube_request WHERE session_id = ANY (${ids}) AND executed_at >= ${time} AND executed_at < ${to}
       AND (executed_at, ledger_id, no) >= ${key} AND ${query.condition(parameters, "null")}`,
    parameters.values,
  );
  return new Set(rows.map(({ session_id }) => session_id));
}

interface CommandRow {
  session_id: string;
  command_id: number | null;
  actor_id: number;
  cluster_id: number;
  client_name_id: number | null;
  browser: boolean;
  calls: number;
  failures: number;
  first_at: Date;
  last_at: Date;
  ended_at: Date;
  last_no: number;
}

async function readCommands(
  run: RunSql,
  query: AuditQuery,
  sessions: string[],
): Promise<RequestAuditCommand[]> {
  const parameters = new SqlParameters();
  const ids = parameters.add(sessions, "uuid[]");
  const from = parameters.add(query.window.from.toISOString(), "timestamptz");
  const to = parameters.add(query.window.to.toISOString(), "timestamptz");
  const rows = await run<CommandRow>(
    `SELECT session_id, max(command_id) AS command_id, max(actor_id) AS actor_id, max(cluster_id) AS cluster_id,
       max(client_name_id) AS client_name_id, bool_and(access_method = 1) AS browser,
       count(DISTINCT call_id) AS calls, count(DISTINCT call_id) FILTER (WHERE result = 0) AS failures,
       min(executed_at) AS first_at, max(executed_at) AS last_at, max(no) AS last_no,
       max(executed_at + CASE WHEN stage = 0 THEN coalesce(duration_ms, 0) ELSE 0 END * interval '1 millisecond') AS ended_at
     FROM kube_request WHERE session_id = ANY (${ids}) AND executed_at >= ${from} AND executed_at < ${to}
       AND ${query.condition(parameters, "null")}
     GROUP BY session_id`,
    parameters.values,
  );
  const texts = await readTexts(run, {
    terms: rows.flatMap((row) => [row.command_id, row.client_name_id]),
    actors: rows.map((row) => row.actor_id),
    clusters: rows.map((row) => row.cluster_id),
  });
  const commands = rows.map((row): RequestAuditCommand => {
    const actor = texts.actor(row.actor_id);
    return {
      sessionId: row.session_id,
      command: texts.term(row.command_id),
      claimed: !row.browser,
      name: actor.name || null,
      email: actor.email || null,
      clusterName: texts.cluster(row.cluster_id)?.name || null,
      clientName: texts.term(row.client_name_id),
      calls: row.calls,
      failures: row.failures,
      firstAt: row.first_at.toISOString(),
      lastAt: row.last_at.toISOString(),
      durationMs: row.ended_at.getTime() - row.first_at.getTime(),
      lastNo: row.last_no,
    };
  });
  const place = new Map(sessions.map((session, index) => [session, index]));
  return commands.sort((a, b) => (place.get(a.sessionId) ?? 0) - (place.get(b.sessionId) ?? 0));
}
