import type { AuditQuery } from "../query/audit-query.ts";
import { SqlParameters } from "../query/sql-parameters.ts";
import { readTexts, type Texts } from "../query/texts.ts";
import type { RunSql } from "../store/sql.ts";
import { type CommandKey, KEY_COLUMNS, keyText, LONGEST_LINE_MS, sessionsOf } from "./command-key.ts";
import { composeCommand } from "./compose-command.ts";
import type { RequestAuditCommand } from "./schema.ts";

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

/** A line of the web shell as it was put on the record before it ran, and how it ended. */
interface LineRow extends CommandKey {
  started_at: Date;
  duration_ms: number | null;
  exit_code: number | null;
  recording_id: string | null;
}

/** The commands that were found, in that order, with what is known of their matching calls. */
export async function readCommands(
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
  const lines = await readLines(run, query, found);
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
      ...lines.map((line) => line.command_id),
      ...objects.flatMap((row) => [row.verb_id, row.resource_id, row.namespace_id]),
    ],
    actors: [...rows, ...lines].map((row) => row.actor_id),
    clusters: [...rows, ...lines].map((row) => row.cluster_id),
  });
  const objectsOf = Map.groupBy(objects, keyText);
  const rowOf = new Map(rows.map((row) => [keyText(row), row]));
  const lineOf = new Map(lines.map((line) => [keyText(line), line]));
  return [...found].flatMap(([key, command]) => {
    const row = rowOf.get(key) ?? null;
    const line = lineOf.get(key) ?? null;
    if (row === null && line === null) return [];
    return toCommand({ key: command, row, line, objects: objectsOf.get(key) ?? [] }, texts);
  });
}

async function readLines(
  run: RunSql,
  { window }: AuditQuery,
  found: ReadonlyMap<string, CommandKey>,
): Promise<LineRow[]> {
  const rows = await run<LineRow>(
    `SELECT ${KEY_COLUMNS}, started_at, duration_ms, exit_code, recording_id FROM kube_command
     WHERE session_id = ANY ($1::uuid[]) AND started_at >= $2::timestamptz AND started_at < $3::timestamptz`,
    [
      sessionsOf(found.values()),
      // What runs for long began before the window.
      new Date(window.from.getTime() - LONGEST_LINE_MS).toISOString(),
      window.to.toISOString(),
    ],
  );
  return rows.filter((row) => found.has(keyText(row)));
}

interface FoundCommand {
  key: CommandKey;
  /** Its matching calls together; null where there is none. */
  row: CommandRow | null;
  /** Null of one that the web shell did not run. */
  line: LineRow | null;
  objects: readonly ObjectRow[];
}

function toCommand({ key, row, line, objects }: FoundCommand, texts: Texts): RequestAuditCommand {
  const actor = texts.actor(key.actor_id);
  const command = texts.term(key.command_id);
  const claimed = line === null && row?.browser !== true;
  const calls = objects.map((object) => ({
    verb: texts.term(object.verb_id) ?? "",
    resource: texts.term(object.resource_id) ?? "",
    resourceName: object.resource_name,
    namespace: texts.term(object.namespace_id),
  }));
  return {
    sessionId: key.session_id,
    tokenId: key.token_id,
    command,
    composed: claimed ? composeCommand(command, calls) : null,
    claimed,
    name: actor.name || null,
    email: actor.email || null,
    clusterName: texts.cluster(key.cluster_id)?.name || null,
    clientName: texts.term(row?.client_name_id ?? null),
    calls: row?.calls ?? 0,
    failures: row?.failures ?? 0,
    exitCode: line?.exit_code ?? null,
    recordingId: line?.recording_id ?? null,
    ...timesOf(row, line),
    lastNo: row?.last_no ?? null,
  };
}

function timesOf(row: CommandRow | null, line: LineRow | null) {
  const first = (line?.started_at ?? row?.first_at)!;
  const last = (row?.last_at ?? line?.started_at)!;
  const end = row?.ended_at ?? last;
  return {
    firstAt: first.toISOString(),
    lastAt: last.toISOString(),
    durationMs: line?.duration_ms ?? Math.max(0, end.getTime() - first.getTime()),
  };
}
