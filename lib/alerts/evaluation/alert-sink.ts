import type { Alert } from "../../../prisma/generated/client.ts";
import type { NewEvent } from "../../audit/events/record.ts";
import { recordEvent } from "../../audit/events/record.ts";
import type { AuditQuery } from "../../audit/query/audit-query.ts";
import type { AuditScope } from "../../audit/query/scope.ts";
import type { SinkDefinition } from "../../audit/sinks/following-sink.ts";
import type { RecordPage } from "../../audit/sinks/read-record.ts";
import type { LedgerStream } from "../../audit/store/ledger.ts";
import { onPostgres, onPrisma, type RunSql } from "../../audit/store/sql.ts";
import { systemContext } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database, gatewayPool } from "../../db/connection.ts";
import { ALERTS_ACTOR } from "./actor.ts";
import { ConditionCache } from "./condition-cache.ts";
import { countMatches } from "./count-matches.ts";
import { findMatches, type Matches } from "./find-matches.ts";

const SURFACE_OF_STREAM: Record<LedgerStream, string> = {
  kube_request: "request_audit",
  audit_event: "event_history",
  recording: "recordings",
};

/**
 * The sink that evaluates alerts. A page of the record counts once: what it fires, the messages that are to be sent, their events and the cursor's move are one
 * transaction.
 */
export function evaluateAlerts(scope: AuditScope): SinkDefinition {
  const caches = new Map<LedgerStream, ConditionCache>();
  return {
    name: "alerts",
    title: "the evaluation of alerts",
    takes: ["kube_request", "audit_event", "recording"],
    columns: [],
    async deliver(page, advance) {
      const cache = caches.get(page.stream) ?? new ConditionCache(scope);
      caches.set(page.stream, cache);
      const matches = await matchesOf(page, cache);
      if (matches.length > 0) await keep(matches, advance);
    },
    finding: () => null,
  };
}

async function matchesOf(page: RecordPage, cache: ConditionCache): Promise<Matches[]> {
  const alerts = await database().alert.findMany({
    where: { surface: SURFACE_OF_STREAM[page.stream], enabled: true },
    orderBy: { id: "asc" },
  });
  if (alerts.length === 0) return [];
  const run = onPostgres(gatewayPool());
  const prepared = await cache.prepare(run, alerts);
  await noteProblems(prepared);
  return findMatches(run, page, prepared.filter(isReady));
}

type Prepared = { alert: Alert; query: AuditQuery | { problem: string } };
const isReady = (prepared: Prepared): prepared is { alert: Alert; query: AuditQuery } =>
  !("problem" in prepared.query);

/** An alert that cannot be evaluated says so on its page, and keeps no other from it. */
async function noteProblems(prepared: readonly Prepared[]): Promise<void> {
  for (const { alert, query } of prepared) {
    const problem = "problem" in query ? query.problem : null;
    if (problem !== alert.problem)
      await database().alert.updateMany({ where: { id: alert.id }, data: { problem } });
  }
}

function keep(matches: readonly Matches[], advance: (run: RunSql) => Promise<void>): Promise<void> {
  return inTransaction(database(), async (tx) => {
    await advance(onPrisma(tx));
    const events: NewEvent[] = [];
    for (const { alert, times } of matches) {
      const event = await countMatches(tx, { alertId: alert.id, times });
      if (event !== null) events.push(event);
    }
    for (const event of events) await recordEvent(tx, systemContext(ALERTS_ACTOR), event);
  });
}
