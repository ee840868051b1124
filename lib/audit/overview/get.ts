import type { Context } from "../../context.ts";
import { formatFilter } from "../../filter/format.ts";
import { type AuditQuery, prepareQuery, readAudit, readQuery } from "../query/audit-query.ts";
import { readHistogram } from "../query/histogram.ts";
import { recordSearch } from "../query/record-read.ts";
import { SqlParameters } from "../query/sql-parameters.ts";
import { readTexts, type Texts } from "../query/texts.ts";
import { type RequestRow, toEntries } from "../requests/entries.ts";
import type { RequestAuditEntry } from "../requests/schema.ts";
import { REQUEST_SURFACE } from "../requests/surface.ts";
import type { AuditScope } from "../scope.ts";
import type { RunSql } from "../sql.ts";
import type { AuditOverview, OverviewQuery } from "./schema.ts";
import { readOutcomes, readTotals, type Totals } from "./totals.ts";

const DENIED = 'result = "failure" AND NOT role:*';
const SECRETS = 'resource = "secrets"';
const SESSIONS = 'resource IN ("pods/exec", "pods/attach", "pods/portforward") AND stage = "start"';
const SESSION_RESOURCES = ["pods/exec", "pods/attach", "pods/portforward"];
const MOST_SHARES = 8;
const MOST_RECENT = 6;

/** The dashboard's numbers, from the counters; denials and sessions from indexes of their own. */
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
  return { from: new Date(2 * from.getTime() - to.getTime()), to: from };
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
  return readIndexed(run, query, "role_id IS NULL AND result = 0");
}

async function readSessions(run: RunSql, query: AuditQuery): Promise<Listed> {
  const ids = await run<{ id: number }>(
    "SELECT id FROM audit_dictionary WHERE kind = 'resource' AND value = ANY ($1::text[])",
    [SESSION_RESOURCES],
  );
  const list = ids.map(({ id }) => id).join(", ");
  return list === ""
    ? { count: 0, recent: [] }
    : readIndexed(run, query, `stage = 1 AND resource_id IN (${list})`);
}

async function readIndexed(run: RunSql, query: AuditQuery, condition: string): Promise<Listed> {
  const where = (parameters: SqlParameters) => {
    const from = parameters.add(query.window.from.toISOString(), "timestamptz");
    const to = parameters.add(query.window.to.toISOString(), "timestamptz");
    return `executed_at >= ${from} AND executed_at < ${to} AND ${condition} AND ${query.condition(parameters, "null")}`;
  };
  const counting = new SqlParameters();
  const counted = await run<{ count: number }>(
    `SELECT count(*) AS count FROM kube_request WHERE ${where(counting)}`,
    counting.values,
  );
  const listing = new SqlParameters();
  const rows = await run<RequestRow>(
    `SELECT * FROM kube_request WHERE ${where(listing)} ORDER BY executed_at DESC LIMIT ${MOST_RECENT}`,
    listing.values,
  );
  return { count: counted[0]?.count ?? 0, recent: await toEntries(run, rows) };
}
