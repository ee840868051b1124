import { readAudit } from "../../audit/query/audit-query.ts";
import { recordView } from "../../audit/query/record-read.ts";
import type { AuditScope } from "../../audit/query/scope.ts";
import type { RunSql } from "../../audit/store/sql.ts";
import type { Context } from "../../context.ts";
import { type ChunkProgress, readProgress } from "./chunk-progress.ts";
import { type RunningRow, readRunningRows } from "./running-row.ts";
import type { RunningSession, RunningSessions } from "./schema.ts";

/** The recorded sessions under way within the scope, newest first. Looking at them is itself an event, one in ten minutes. */
export async function listRunningSessions({
  ctx,
  scope,
}: {
  ctx: Context;
  scope: AuditScope;
}): Promise<RunningSessions> {
  await recordView(ctx, "Recording", "running sessions");
  const sessions = await readAudit(async (run) => {
    const rows = await readRunningRows(run, { scope });
    return viewRunning(run, rows);
  });
  return { sessions };
}

/** Rows as they are told, with what their chunks say. */
export async function viewRunning(run: RunSql, rows: readonly RunningRow[]): Promise<RunningSession[]> {
  const progress = await readProgress(
    run,
    rows.map(({ session }) => session),
  );
  return rows.map((row) => viewOne(row, progress.get(row.session.recordingId)!));
}

function viewOne({ session, endRequestedBy }: RunningRow, progress: ChunkProgress): RunningSession {
  const { recordingId, startedAt, actor, cluster, namespace, pod, container, kind, role } = session;
  return {
    recordingId,
    startedAt: new Date(startedAt).toISOString(),
    name: actor.name,
    email: actor.email,
    clusterName: cluster.name,
    ...{ namespace, pod, container, kind, role },
    clientIp: session.clientIp,
    clientName: session.clientName,
    tty: session.tty,
    idleMs: Math.max(0, Date.now() - startedAt - progress.lastMs),
    outputBytes: progress.outputBytes,
    endRequested: endRequestedBy !== null,
  };
}
