import type { Context } from "../../context.ts";
import type { FilterNode } from "../../filter/tree.ts";
import { type AuditQuery, prepareQuery, type QueryText, readAudit } from "../query/audit-query.ts";
import { formatCursor, type RowKey, readCursor } from "../query/cursor.ts";
import { recordSearch } from "../query/record-read.ts";
import { keyOfRow, readRows } from "../query/rows.ts";
import type { AuditScope } from "../query/scope.ts";
import { SqlParameters } from "../query/sql-parameters.ts";
import { readTexts, type Texts } from "../query/texts.ts";
import type { RunSql } from "../store/sql.ts";
import { composeCommand } from "./compose-command.ts";
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
 * What tells one command from another. A session's id is the client's word: two people's calls under the same one, or one person's at two clusters, with
 * another token or another claim, are commands of their own.
 */
interface CommandKey {
  session_id: string;
  actor_id: number;
  cluster_id: number;
  command_id: number | null;
  token_id: string | null;
}

const KEY_COLUMNS = "session_id, actor_id, cluster_id, command_id, token_id";
const keyText = ({ session_id, actor_id, cluster_id, command_id, token_id }: CommandKey): string =>
  `${session_id} ${actor_id} ${cluster_id} ${command_id} ${token_id}`;

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
    const { found, next } = await findCommands(run, prepared, { limit: query.limit, start });
    return { commands: await readCommands(run, prepared, found), next: next ? formatCursor(next) : null };
  });
}

/** Walks the calls, newest first, until enough commands are found whose newest call lies here. */
async function findCommands(run: RunSql, query: AuditQuery, page: { limit: number; start: RowKey | null }) {
  const found = new Map<string, CommandKey>();
  const seen = new Set<string>();
  let after = page.start;
  for (;;) {
    const rows = (await readRows(run, query, { limit: ROWS_A_STEP, after })) as (RequestRow & CommandKey)[];
    const fresh = rows.filter((row) => !seen.has(keyText(row)));
    const earlier = page.start ? await commandsBefore(run, query, fresh, page.start) : new Set<string>();
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

const sessionsOf = (keys: Iterable<CommandKey>): string[] => [
  ...new Set([...keys].map(({ session_id }) => session_id)),
];

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

interface CommandRow extends CommandKey {
  client_name_id: number | null;
  browser: boolean;
  calls: number;
  failures: number;
  first_at: Date;
  last_at: Date;
  ended_at: Date;
  last_no: number;
}

/** One distinct thing that a command's calls were for. */
interface ObjectRow extends CommandKey {
  verb_id: number;
  resource_id: number;
  resource_name: string | null;
  namespace_id: number | null;
}

/** Of one command; `composeCommand` names fewer. */
const MOST_OBJECTS = 50;

async function readCommands(
  run: RunSql,
  query: AuditQuery,
  found: ReadonlyMap<string, CommandKey>,
): Promise<RequestAuditCommand[]> {
  const parameters = new SqlParameters();
  const ids = parameters.add(sessionsOf(found.values()), "uuid[]");
  const from = parameters.add(query.window.from.toISOString(), "timestamptz");
  const to = parameters.add(query.window.to.toISOString(), "timestamptz");
  const matching = `session_id = ANY (${ids}) AND executed_at >= ${from} AND executed_at < ${to} AND ${query.condition(parameters, "null")}`;
  const all = await run<CommandRow>(
    `SELECT ${KEY_COLUMNS}, max(client_name_id) AS client_name_id, bool_and(access_method = 1) AS browser,
       count(DISTINCT call_id) AS calls, count(DISTINCT call_id) FILTER (WHERE result = 0) AS failures,
       min(executed_at) AS first_at, max(executed_at) AS last_at, max(no) AS last_no,
       max(executed_at + CASE WHEN stage = 0 THEN coalesce(duration_ms, 0) ELSE 0 END * interval '1 millisecond') AS ended_at
     FROM kube_request WHERE ${matching} GROUP BY ${KEY_COLUMNS}`,
    parameters.values,
  );
  const rows = all.filter((row) => found.has(keyText(row)));
  // Paths that are no resource (/version, /apis) are how kubectl finds its way.
  const objects = await run<ObjectRow>(
    `SELECT * FROM (
       SELECT ${KEY_COLUMNS}, verb_id, resource_id, resource_name, namespace_id,
         row_number() OVER (PARTITION BY ${KEY_COLUMNS} ORDER BY min(no)) AS place
       FROM kube_request WHERE ${matching} AND resource_id IN (SELECT id FROM audit_dictionary WHERE value NOT LIKE '/%')
       GROUP BY ${KEY_COLUMNS}, verb_id, resource_id, resource_name, namespace_id
     ) object WHERE place <= ${MOST_OBJECTS} ORDER BY place`,
    parameters.values,
  );
  const texts = await readTexts(run, {
    terms: [
      ...rows.flatMap((row) => [row.command_id, row.client_name_id]),
      ...objects.flatMap((row) => [row.verb_id, row.resource_id, row.namespace_id]),
    ],
    actors: rows.map((row) => row.actor_id),
    clusters: rows.map((row) => row.cluster_id),
  });
  const objectsOf = Map.groupBy(objects, keyText);
  const commands = new Map(
    rows.map((row) => [keyText(row), toCommand(row, objectsOf.get(keyText(row)) ?? [], texts)]),
  );
  return [...found.keys()].flatMap((key) => commands.get(key) ?? []);
}

function toCommand(row: CommandRow, objects: readonly ObjectRow[], texts: Texts): RequestAuditCommand {
  const actor = texts.actor(row.actor_id);
  const command = texts.term(row.command_id);
  const calls = objects.map((object) => ({
    verb: texts.term(object.verb_id) ?? "",
    resource: texts.term(object.resource_id) ?? "",
    resourceName: object.resource_name,
    namespace: texts.term(object.namespace_id),
  }));
  return {
    sessionId: row.session_id,
    tokenId: row.token_id,
    command,
    composed: row.browser ? null : composeCommand(command, calls),
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
}
