import type { AuditScope } from "../query/scope.ts";
import type { RunSql } from "../store/sql.ts";

/** A session that is under way: who is where since when. */
export interface RunningSession {
  actorKind: string;
  actorId: string;
  /** As `audit_actor` and `audit_cluster` have them; none where they have not called before. */
  actorIds: number[];
  clusterIds: number[];
  from: Date;
}

/** Finds a running session by its recording; null where none has it. */
export async function findRunningSession(run: RunSql, recordingId: string): Promise<RunningSession | null> {
  const [row] = await run<RunningSession>(
    `SELECT started_at AS "from", entry #>> '{actor,kind}' AS "actorKind", entry #>> '{actor,id}' AS "actorId",
       ARRAY(SELECT id FROM audit_actor WHERE kind = entry #>> '{actor,kind}' AND subject_id = entry #>> '{actor,id}') AS "actorIds",
       ARRAY(SELECT id FROM audit_cluster WHERE cluster_id = entry #>> '{cluster,id}') AS "clusterIds"
     FROM recording_running WHERE recording_id = $1::uuid`,
    [recordingId],
  );
  return row ?? null;
}

/** Whether a running session is within a scope. */
export function isOwn({ actorKind, actorId }: RunningSession, scope: AuditScope): boolean {
  return scope.kind === "all" || (actorKind === scope.actorKind && actorId === scope.actorId);
}
