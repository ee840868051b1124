import type { RunSql } from "../../audit/store/sql.ts";
import { AppError } from "../../errors.ts";
import type { AccessRequestView, RequestKind, RequestState } from "./schema.ts";

/** A request with the grant that it became, as `selectRequests` reads it. */
export interface RequestRow {
  id: string;
  kind: RequestKind;
  state: RequestState;
  user_id: string;
  person: string;
  role_id: string;
  role_name: string;
  cluster_id: string | null;
  cluster_name: string | null;
  project_id: string | null;
  project_name: string | null;
  namespaces: string[];
  duration_seconds: number;
  reason: string;
  created_at: Date;
  answer_by: Date;
  decided_at: Date | null;
  decided_by: string | null;
  word: string | null;
  grant_id: string | null;
  grant_cluster_id: string | null;
  grant_cluster_name: string | null;
  grant_namespaces: string[] | null;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
  revoked_by: string | null;
  revoke_reason: string | null;
}

/** Every request (ar), with `more` columns. What only time passed over is said by the clock: no process has to see it pass. */
export const selectRequests = (more: readonly string[] = []): string => `
  select ar.id, ar.kind, ar.user_id, ar.person, ar.role_id, ar.role_name, ar.cluster_id, ar.cluster_name, ar.project_id, ar.project_name, ar.namespaces,
    ar.duration_seconds, ar.reason, ar.created_at, ar.answer_by, ar.decided_at, ar.decided_by, ar.word,
    g.id as grant_id, c.id as grant_cluster_id, c.name as grant_cluster_name, g.namespaces as grant_namespaces,
    g.expires_at, g.last_used_at, g.revoked_at, g.revoked_by, g.revoke_reason,
    case
      when ar.state = 'open' then case when ar.answer_by > now() then 'open' else 'lapsed' end
      when ar.state <> 'approved' then ar.state
      when g.id is null or g.revoked_at is not null then 'ended'
      when g.expires_at <= now() then 'expired'
      else 'active'
    end as state${more.map((column) => `,\n    ${column}`).join("")}
  from access_requests ar left join grants g on g.id = ar.id left join clusters c on c.id = g.cluster_id`;

/** One request, as the record tells of it. @throws AppError `not_found`. */
export async function findRequest(run: RunSql, id: string): Promise<AccessRequestView> {
  const [row] = await run<RequestRow>(`${selectRequests()} where ar.id = $1::uuid`, [id]);
  if (row === undefined) throw noSuchRequest();
  return viewRequest(row);
}

export const noSuchRequest = () =>
  new AppError("not_found", "There is no request with that id, or it is not yours to see.");

/** A request as the API shows it. */
export function viewRequest(row: RequestRow): AccessRequestView {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    person: { id: row.user_id, name: row.person },
    role: { id: row.role_id, name: row.role_name },
    cluster: placeOf(row.cluster_id, row.cluster_name),
    project: placeOf(row.project_id, row.project_name),
    namespaces: row.namespaces,
    durationMs: row.duration_seconds * 1_000,
    reason: row.reason,
    createdAt: row.created_at.toISOString(),
    answerBy: row.answer_by.toISOString(),
    answer: row.decided_at && { at: row.decided_at.toISOString(), by: row.decided_by, word: row.word },
    grant:
      row.grant_id === null
        ? null
        : {
            cluster: placeOf(row.grant_cluster_id, row.grant_cluster_name),
            namespaces: row.grant_namespaces ?? [],
            expiresAt: row.expires_at?.toISOString() ?? null,
            lastUsedAt: row.last_used_at?.toISOString() ?? null,
            endedAt: row.revoked_at?.toISOString() ?? null,
            endedBy: row.revoked_by,
            endReason: row.revoke_reason,
          },
  };
}

const placeOf = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? id });
