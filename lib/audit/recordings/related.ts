import type { Context } from "../../context.ts";
import { readAudit } from "../query/audit-query.ts";
import { findRowsById } from "../query/find-rows.ts";
import { recordView } from "../query/record-read.ts";
import type { AuditScope } from "../query/scope.ts";
import { type RequestRow, toEntries } from "../request-audit/entries.ts";
import { REQUEST_SURFACE } from "../request-audit/surface.ts";
import type { RunSql } from "../store/sql.ts";
import { findRecordingRow, noSuchRecording } from "./find.ts";
import { findRunningSession, isOwn } from "./running-session.ts";
import type { RecordingRelated } from "./schema.ts";

const MOST_CALLS = 200;
/** Of a longer session, the calls of its first day are told. */
const LONGEST_MS = 24 * 3_600_000;

interface RelatedInput {
  ctx: Context;
  scope: AuditScope;
  recordingId: string;
}

/** Who was where from when to when, as `audit_actor` and `audit_cluster` have them. */
interface Session {
  actorIds: readonly number[];
  clusterIds: readonly number[];
  from: Date;
  to: Date;
}

/**
 * What Request Audit has of a session, also while it runs. Looking at it is itself an event.
 * @throws AppError `not_found` where there is no such recording, or it is another person's to whoever sees only their own.
 */
export async function listRelatedCalls(input: RelatedInput): Promise<RecordingRelated> {
  const related = await readAudit(async (run) => {
    const session = await requireSession(run, input);
    const { recordingId: id, scope } = input;
    const rows = await findRowsById(run, {
      surface: REQUEST_SURFACE,
      scope,
      column: "recording_id",
      id,
      limit: 2,
    });
    const own = await toEntries(run, rows);
    const calls = await readCallsOf(run, session);
    return {
      start: own.find(({ stage }) => stage === "start") ?? null,
      end: own.find(({ stage }) => stage !== "start") ?? null,
      calls: await toEntries(run, calls.slice(0, MOST_CALLS)),
      more: calls.length > MOST_CALLS || session.to.getTime() - session.from.getTime() > LONGEST_MS,
    };
  });
  await recordView(input.ctx, "Recording", input.recordingId);
  return related;
}

async function requireSession(run: RunSql, input: RelatedInput): Promise<Session> {
  const row = await findRecordingRow(run, input);
  if (row) {
    return {
      actorIds: await idsOfSame(run, ACTORS, row.actor_id),
      clusterIds: await idsOfSame(run, CLUSTERS, row.cluster_id),
      from: row.started_at,
      to: row.ended_at,
    };
  }
  const running = await findRunningSession(run, input.recordingId);
  if (!running || !isOwn(running, input.scope)) throw noSuchRecording(input.recordingId);
  return { ...running, to: new Date() };
}

const ACTORS = { table: "audit_actor", key: "kind, subject_id" };
const CLUSTERS = { table: "audit_cluster", key: "cluster_id" };

/** The ids of whoever, or whatever, an id stands for: names change, and each name has an id of its own. */
async function idsOfSame(run: RunSql, { table, key }: typeof ACTORS, id: number): Promise<number[]> {
  const rows = await run<{ id: number }>(
    `SELECT id FROM ${table} WHERE (${key}) = (SELECT ${key} FROM ${table} WHERE id = $1::int)`,
    [id],
  );
  return rows.map((row) => row.id);
}

/** One more than are told. Whoever may see the session may see all that its person called. */
function readCallsOf(run: RunSql, { actorIds, clusterIds, from, to }: Session): Promise<RequestRow[]> {
  const end = new Date(Math.min(to.getTime(), from.getTime() + LONGEST_MS));
  return run<RequestRow>(
    `SELECT * FROM kube_request WHERE executed_at >= $1::timestamptz AND executed_at <= $2::timestamptz
       AND actor_id = ANY ($3::int[]) AND cluster_id = ANY ($4::int[])
     ORDER BY executed_at, ledger_id, no LIMIT $5::int`,
    [from.toISOString(), end.toISOString(), actorIds, clusterIds, MOST_CALLS + 1],
  );
}
