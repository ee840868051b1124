import type { Context } from "../../context.ts";
import { formatFilter } from "../../filter/format.ts";
import { boundTime } from "../../filter/time-bounds.ts";
import { DAY_KIND_CODE, SESSION_RESOURCES } from "../entry/day-kinds.ts";
import { type AuditQuery, prepareQuery, readAudit, readQuery } from "../query/audit-query.ts";
import { signedPartsOf } from "../query/counters.ts";
import { readHistogram } from "../query/histogram.ts";
import { recordSearch } from "../query/record-read.ts";
import type { TimeWindow } from "../query/schema.ts";
import type { AuditScope } from "../query/scope.ts";
import { SqlParameters } from "../query/sql-parameters.ts";
import { type CounterTable, DAY_MS } from "../query/surface.ts";
import { readTexts, type Texts } from "../query/texts.ts";
import { type RequestRow, toEntries } from "../request-audit/entries.ts";
import type { RequestAuditEntry } from "../request-audit/schema.ts";
import { REQUEST_SURFACE } from "../request-audit/surface.ts";
import type { RunSql } from "../store/sql.ts";
import type { AuditOverview, OverviewQuery } from "./schema.ts";
import { readOutcomes, readTotals, type Totals } from "./totals.ts";

const DENIED = 'result = "failure" AND NOT role:*';
const SECRETS = 'resource = "secrets"';
const SESSIONS = `resource IN (${SESSION_RESOURCES.map((name) => `"${name}"`).join(", ")}) AND stage = "start"`;
const DAY_KINDS: CounterTable = { table: "kube_request_day_kind", time: "day", milliseconds: DAY_MS };
const MOST_SHARES = 8;
const MOST_RECENT = 6;

/** The dashboard's numbers, from the counters; the newest denials and sessions from indexes of their own. */
export async function getOverview({
  ctx,
  scope,
  query,
}: {
  ctx: Context;
  scope: AuditScope;
  query: OverviewQuery;
}): Promise<AuditOverview> {
  const words = readQuery(REQUEST_SURFACE, query);
  await recordSearch(ctx, "RequestAudit", words);
  return readAudit(async (run) => {
    const prepare = (window = words.window) =>
      prepareQuery(run, {
        surface: REQUEST_SURFACE,
        scope,
        window,
        filter: null,
        reference: words.reference,
      });
    const all = await prepare();
    const totals = await readTotals(run, all);
    const before = await readOutcomes(run, await prepare(windowBefore(words.window)));
    const texts = await readTexts(run, {
      terms: [],
      actors: totals.actors.keys(),
      clusters: totals.clusters.keys(),
    });
    return {
      from: words.window.from.toISOString(),
      to: words.window.to.toISOString(),
      calls: { count: totals.calls, filter: "" },
      failures: { count: totals.failures, filter: 'result = "failure"' },
      people: new Set([...totals.actors.keys()].map((id) => texts.actor(id).kind + texts.actor(id).subjectId))
        .size,
      before: { calls: before.calls, failures: before.failures },
      histogram: await readHistogram(run, all),
      topPeople: shares(totals.actors, (id) => personOf(texts, id), "user"),
      topClusters: shares(totals.clusters, (id) => texts.cluster(id)?.name ?? "", "cluster"),
      denied: { ...(await readDenied(run, all)), filter: DENIED },
      secrets: { count: totals.secrets, filter: SECRETS, people: secretReaders(totals, texts) },
      sessions: { ...(await readSessions(run, all)), filter: SESSIONS },
    };
  });
}

function windowBefore({ from, to }: { from: Date; to: Date }) {
  return { from: new Date(boundTime(2 * from.getTime() - to.getTime())), to: from };
}

const personOf = (texts: Texts, id: number): string => texts.actor(id).name || texts.actor(id).email;

type Share = AuditOverview["topPeople"][number];

/** Adds up what has one name, and keeps the most frequent. */
function shares(counts: Totals["actors"], nameOf: (id: number) => string, field: string): Share[] {
  const byName = new Map<string, Share>();
  for (const [id, { calls, failures }] of counts) {
    const name = nameOf(id);
    if (name === "") continue;
    const known = byName.get(name) ?? { name, calls: 0, failures: 0, filter: filterFor(field, name) };
    byName.set(name, { ...known, calls: known.calls + calls, failures: known.failures + failures });
  }
  return [...byName.values()].sort((a, b) => b.calls - a.calls).slice(0, MOST_SHARES);
}

function filterFor(field: string, value: string): string {
  return formatFilter({ kind: "comparison", field, op: "=", values: [value] });
}

function secretReaders({ actors }: Totals, texts: Texts) {
  const readers = [...actors].filter(([, { secrets }]) => secrets > 0);
  const counts = new Map(readers.map(([id, { secrets }]) => [id, { calls: secrets, failures: 0, secrets }]));
  return shares(counts, (id) => personOf(texts, id), "user").map(({ name, calls, filter }) => {
    return { name, calls, filter: `${SECRETS} AND ${filter}` };
  });
}

interface Listed {
  count: number;
  recent: RequestAuditEntry[];
}

// The conditions are to the letter those of the partial indexes kube_request_denied_idx and kube_request_started_idx.
function readDenied(run: RunSql, query: AuditQuery): Promise<Listed> {
  return readListed(run, query, { kind: DAY_KIND_CODE.denied, condition: "role_id IS NULL AND result = 0" });
}

async function readSessions(run: RunSql, query: AuditQuery): Promise<Listed> {
  const ids = await run<{ id: number }>(
    "SELECT id FROM audit_dictionary WHERE kind = 'resource' AND value = ANY ($1::text[])",
    [SESSION_RESOURCES],
  );
  const list = ids.map(({ id }) => id).join(", ");
  return list === ""
    ? { count: 0, recent: [] }
    : readListed(run, query, {
        kind: DAY_KIND_CODE.session,
        condition: `stage = 1 AND resource_id IN (${list})`,
      });
}

/** What a row must fulfil, by an index of its own, and the kind as which the days' counters have it. */
interface ListedRows {
  kind: number;
  condition: string;
}

async function readListed(run: RunSql, query: AuditQuery, listed: ListedRows): Promise<Listed> {
  const count = await countListed(run, query, listed);
  return { count, recent: await toEntries(run, await readRecent(run, query, listed.condition, count)) };
}

/** Whole days from the counters, what is left at the window's ends from the rows. */
async function countListed(run: RunSql, query: AuditQuery, { kind, condition }: ListedRows): Promise<number> {
  const { from, to } = query.window;
  const parameters = new SqlParameters();
  const terms = signedPartsOf(from.getTime(), to.getTime(), [DAY_KINDS]).map((part) => {
    const window = { from: new Date(part.from), to: new Date(part.to) };
    const counted = part.counter
      ? `(SELECT coalesce(sum(count), 0) ${withinSql(query, parameters, window, part.counter)} AND kind = ${kind})`
      : `(SELECT count(*) ${withinSql(query, parameters, window, null)} AND ${condition})`;
    return `${part.sign === 1 ? "+" : "-"} ${counted}`;
  });
  const [row] = await run<{ count: number }>(
    `SELECT (0 ${terms.join(" ")})::bigint AS count`,
    parameters.values,
  );
  return row?.count ?? 0;
}

/** The window's last day has enough of them as a rule, and costs the planner one partition, not one for each day. */
async function readRecent(
  run: RunSql,
  query: AuditQuery,
  condition: string,
  count: number,
): Promise<RequestRow[]> {
  const wanted = Math.min(count, MOST_RECENT);
  const { from, to } = query.window;
  const lastDay = { from: new Date(Math.max(from.getTime(), to.getTime() - DAY_MS)), to };
  for (const window of [lastDay, query.window]) {
    const parameters = new SqlParameters();
    const rows = await run<RequestRow>(
      `SELECT * ${withinSql(query, parameters, window, null)} AND ${condition}
       ORDER BY executed_at DESC LIMIT ${MOST_RECENT}`,
      parameters.values,
    );
    if (rows.length >= wanted || window === query.window) return rows;
  }
  return [];
}

/** FROM and WHERE of the query's rows in a window, or of a counter's. */
function withinSql(
  query: AuditQuery,
  parameters: SqlParameters,
  { from, to }: TimeWindow,
  counter: CounterTable | null,
): string {
  const { table, time } = counter ?? query.surface;
  const [first, end] = [from, to].map((at) => parameters.add(at.toISOString(), "timestamptz"));
  return `FROM ${table} WHERE ${time} >= ${first} AND ${time} < ${end} AND ${query.condition(parameters, counter ? "zero" : "null")}`;
}
