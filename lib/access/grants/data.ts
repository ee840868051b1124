import { issuersInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { pool } from "../../db/connection.ts";
import { requireIdentity, requirePermission } from "../permission.ts";
import {
  clustersOf,
  loadScopes,
  NO_CLUSTER,
  NO_SCOPES,
  type RunQuery,
  type Scopes,
  scopeOf,
} from "../scopes/load.ts";
import type { Named } from "../scopes/schema.ts";
import { type GrantList, type GrantView, ListGrantsQuery } from "./schema.ts";

interface Row {
  id: string;
  origin: GrantView["origin"];
  role_id: string;
  role_name: string;
  subject_kind: GrantView["subject"]["kind"];
  subject_id: string;
  subject_name: string | null;
  cluster_id: string | null;
  cluster_name: string | null;
  scope_name: string | null;
  namespaces: string[];
  project_id: string | null;
  department_id: string | null;
  node_pool_id: string | null;
  agent_tag: string | null;
  reason: string | null;
  granted_by: string | null;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
}

const SELECT = `
  select g.id, g.origin, r.id as role_id, r.name as role_name, g.subject_kind, g.subject_id,
    coalesce(a.name, coalesce(u.email, gr.name) || case
      when coalesce(u.issuer, gr.issuer) = ($1::text[])[1] then ''
      else coalesce(' of ' || coalesce(u.issuer, gr.issuer), '') end) as subject_name,
    c.id as cluster_id, c.name as cluster_name, coalesce(pj.name, dp.name, np.name) as scope_name,
    g.namespaces, g.project_id, g.department_id, g.node_pool_id, g.agent_tag, g.reason, g.granted_by, g.created_at, g.expires_at, g.last_used_at
  from grants g
  join roles r on r.id = g.role_id
  left join users u on g.subject_kind = 'user' and u.id = g.subject_id
  left join groups gr on g.subject_kind = 'group' and gr.id = g.subject_id
  left join applications a on g.subject_kind = 'application' and a.id = g.subject_id
  left join clusters c on c.id = g.cluster_id
  left join projects pj on pj.id = g.project_id
  left join departments dp on dp.id = g.department_id
  left join node_pools np on np.id = g.node_pool_id
  where g.revoked_at is null`;
const ORDER = "order by subject_name, role_name, g.created_at, g.id limit 5000";

const SORTS: Record<string, string> = {
  subject: "subject_name",
  role: "role_name",
  cluster: "cluster_name",
  expires: "expires_at",
  created: "created_at",
  used: "last_used_at",
};

// $2 words, $3 subject, $4 role, $5 cluster, $6 id, $7 the projects, departments and node pools that have something on the cluster. The words are looked for in what the list shows.
const LIST = `
  with shown as (${SELECT}
    and ($3::uuid is null or g.subject_id = $3) and ($4::uuid is null or g.role_id = $4)
    and ($5::uuid is null or g.cluster_id is null or g.cluster_id = $5
      or coalesce(g.project_id, g.department_id, g.node_pool_id) = any($7::uuid[]))
    and ($6::uuid is null or g.id = $6)
  ), found as (
    select * from shown s where not exists (
      select 1 from unnest($2::text[]) as word where position(word in lower(concat_ws(' ', s.role_name, 'to', s.subject_kind, s.subject_name,
        coalesce(s.cluster_name, s.scope_name, 'every cluster'), array_to_string(s.namespaces, ' '), s.reason))) = 0)
  )
  select *, (select count(*)::int from found) as total from found`;

/** The grants that are not revoked, expired ones too, a page at a time. */
export async function listGrants({
  ctx,
  query: asked = {},
}: {
  ctx: Context;
  query?: ListGrantsQuery;
}): Promise<GrantList> {
  requirePermission(ctx, "access:read");
  const { search = "", sort, limit, offset, ...by } = ListGrantsQuery.parse(asked);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const down = sort.startsWith("-");
  const order = `${SORTS[sort.replace("-", "")]} ${down ? "desc" : "asc"} nulls last, role_name, created_at, id`;
  const { rows } = await pool().query<Row & { total: number }>(
    `${LIST} order by ${order} limit ${limit} offset ${offset}`,
    [
      issuersInEffect(config()),
      words,
      by.subject ?? null,
      by.role ?? null,
      by.cluster ?? null,
      by.id ?? null,
      by.cluster === undefined ? [] : scopesOn(await loadScopes(runQuery), by.cluster),
    ],
  );
  const total =
    rows[0]?.total ??
    (offset === 0 ? 0 : (await listGrants({ ctx, query: { ...asked, offset: 0, limit: 1 } })).total);
  return { grants: await viewGrants(rows), total };
}

function scopesOn({ projects, departments, nodePools }: Scopes, clusterId: string): string[] {
  const all = [...projects, ...departments, ...nodePools];
  return all.flatMap(([id, { parts }]) =>
    parts?.some(({ clusterIds }) => clusterIds.includes(clusterId)) ? id : [],
  );
}

/** The grants that count for the one who asks, their groups' among them. */
export async function listOwnGrants({ ctx }: { ctx: Context }): Promise<GrantView[]> {
  requireIdentity(ctx);
  const { actor } = ctx;
  if (actor.kind === "system" || actor.kind === "anonymous") return [];
  const groups = actor.kind === "user" ? actor.groupIds : [];
  const mine = `and (g.expires_at is null or g.expires_at > now())
    and ((g.subject_kind = $2 and g.subject_id = $3) or (gr.id = any($4::uuid[]) and gr.issuer = any($1)))`;
  return query(`${SELECT} ${mine} ${ORDER}`, [actor.kind, actor.id, [...groups]]);
}

/** One grant that is not revoked. */
export async function findGrant(id: string): Promise<GrantView | null> {
  const [grant] = await query(`${SELECT} and g.id = $2 limit 1`, [id]);
  return grant ?? null;
}

/** One grant as the transaction has it. */
export async function readGrant(tx: Transaction, id: string): Promise<GrantView> {
  const run: RunQuery = (text) => tx.$queryRawUnsafe(text);
  const rows = await tx.$queryRawUnsafe<Row[]>(
    `${SELECT} and g.id = $2::uuid`,
    issuersInEffect(config()),
    id,
  );
  const [row] = rows;
  if (!row) throw new Error(`no grant ${id}`);
  return viewGrant(row, await loadScopes(run));
}

const runQuery: RunQuery = async <R extends object>(text: string) => (await pool().query<R>(text)).rows;

/** Those of these grants that are not revoked. */
export function findGrants(ids: readonly string[]): Promise<GrantView[]> {
  return query(`${SELECT} and g.id = any($2::uuid[])`, [[...ids]]);
}

/** $1 has the issuers in effect, the first provider's first: only of another's people and groups is said whose they are: two providers may name the same. `values` follow. */
async function query(text: string, values: readonly unknown[] = []): Promise<GrantView[]> {
  const { rows } = await pool().query<Row>(text, [issuersInEffect(config()), ...values]);
  return viewGrants(rows);
}

async function viewGrants(rows: readonly Row[]): Promise<GrantView[]> {
  const isPlain = rows.every((row) => (row.project_id ?? row.department_id ?? row.node_pool_id) === null);
  const scopes = isPlain ? NO_SCOPES : await loadScopes(runQuery);
  return rows.map((row) => viewGrant(row, scopes));
}

function clusterOf({ cluster_id: id, cluster_name: name }: Row): Named | null {
  return id === null || id === NO_CLUSTER ? null : { id, name: name ?? id };
}

function viewGrant(row: Row, scopes: Scopes): GrantView {
  const { project_id: projectId, department_id: departmentId, node_pool_id: nodePoolId } = row;
  const scope = scopeOf(scopes, { projectId, departmentId, nodePoolId });
  const named = (id: string | null) => (id === null ? null : { id, name: scope?.name ?? id });
  return {
    id: row.id,
    origin: row.origin,
    role: { id: row.role_id, name: row.role_name },
    subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name ?? row.subject_id },
    cluster: clusterOf(row),
    namespaces: row.namespaces,
    project: named(projectId),
    department: named(departmentId),
    nodePool: named(nodePoolId),
    clusterIds: scope ? clustersOf(scope) : row.cluster_id === null ? null : [row.cluster_id],
    agentTag: row.agent_tag,
    reason: row.reason,
    grantedBy: row.granted_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
