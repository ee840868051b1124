import { onPostgres } from "../../audit/store/sql.ts";
import type { Context } from "../../context.ts";
import { database, pool } from "../../db/connection.ts";
import { hasPermission, requirePermission } from "../permission.ts";
import { noSuchRequest } from "./find.ts";
import { findForViewer, VIEWED, type ViewedRow, viewerValues, viewForViewer } from "./for-viewer.ts";
import { holdsAnyRole } from "./rights/holds-role.ts";
import { mayTakeAtOnce, readRequestRules } from "./rights/request-rules.ts";
import {
  type AccessRequestForViewer,
  type AccessRequestList,
  ListAccessRequestsQuery,
  type RequestChoices,
  type RequestNotice,
} from "./schema.ts";

// Behind `viewerValues`: $9 whose, $10 state, $11 words. Of open ones the oldest first: who waits longest.
const LIST = `
  with viewed as (${VIEWED}), found as (
    select * from viewed v
    where case $9::text when 'mine' then v.own when 'to_answer' then v.answers else true end
      and ($10::text is null or v.state = $10::text)
      and not exists (
        select 1 from unnest($11::text[]) as word where position(word in lower(concat_ws(' ', v.person, v.role_name,
          coalesce(v.project_name, v.cluster_name, 'every cluster'), array_to_string(v.namespaces, ' '), v.reason, v.kind))) = 0)
  )
  select *, (select count(*)::int from found) as total from found
  order by state = 'open' desc, case when state = 'open' then created_at end, created_at desc, id`;

/** One's own requests, those that one may answer, or (`requests:read`) everyone's, a page at a time: open ones first. */
export async function listAccessRequests({
  ctx,
  query = {},
}: {
  ctx: Context;
  query?: ListAccessRequestsQuery;
}): Promise<AccessRequestList> {
  const { scope, state, search = "", limit, offset } = ListAccessRequestsQuery.parse(query);
  requirePermission(ctx, scope === "all" ? "requests:read" : "requests:own");
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = await onPostgres(pool())<ViewedRow & { total: number }>(
    `${LIST} limit ${limit} offset ${offset}`,
    [...(await viewerValues(database(), ctx)), scope, state ?? null, words],
  );
  return { requests: rows.map((row) => viewForViewer(ctx, row)), total: rows[0]?.total ?? 0 };
}

/** One request. @throws AppError `not_found`, also where it is not the viewer's to see. */
export async function readAccessRequest({
  ctx,
  id,
}: {
  ctx: Context;
  id: string;
}): Promise<AccessRequestForViewer> {
  if (!hasPermission(ctx, "requests:read")) requirePermission(ctx, "requests:own");
  const viewer = await viewerValues(database(), ctx);
  const request = await findForViewer(onPostgres(pool()), ctx, { id, viewer });
  if (request === null) throw noSuchRequest();
  return request;
}

/** What the person may ask for: roles, and on which clusters. The names of clusters and projects are told only where there is a role to ask for. */
export async function listRequestChoices({ ctx }: { ctx: Context }): Promise<RequestChoices> {
  requirePermission(ctx, "requests:own");
  const { actor } = ctx;
  if (actor.kind !== "user") return { roles: [], clusters: [], projects: [] };
  const holdsAny = await holdsAnyRole(onPostgres(pool()), actor);
  const rules = await readRequestRules(database());
  const roles = rules
    .map((each) => ({
      name: each.name,
      description: each.description,
      requestable: each.requestable,
      breakGlass: mayTakeAtOnce(each, actor, holdsAny),
      longestMs: each.longestMs,
    }))
    .filter(({ requestable, breakGlass }) => requestable || breakGlass);
  if (roles.length === 0) return { roles, clusters: [], projects: [] };
  const named = { select: { id: true, name: true }, orderBy: { name: "asc" } } as const;
  const [clusters, projects] = await Promise.all([
    database().cluster.findMany({ where: { removedAt: null }, ...named }),
    database().project.findMany(named),
  ]);
  return { roles, clusters, projects };
}

const MOST_SHOWN = 20;

const NOTICE = `
  select * from (${VIEWED}
    where ar.id in (select id from grants where origin = 'break_glass' and revoked_at is null and expires_at > now())) v
  where v.own or $9::boolean
  order by v.created_at desc limit ${MOST_SHOWN}`;
const TO_ANSWER = `select count(*)::int as count from (${VIEWED}
  where ar.state = 'open' and ar.answer_by > now()) v where v.answers`;

/** What the viewer is to know on every page: how many wait for their answer, and break-glass that lasts. */
export async function readRequestNotice({ ctx }: { ctx: Context }): Promise<RequestNotice> {
  requirePermission(ctx, "requests:own");
  const run = onPostgres(pool());
  const viewer = await viewerValues(database(), ctx);
  const [[waiting], rows] = await Promise.all([
    run<{ count: number }>(TO_ANSWER, viewer),
    run<ViewedRow>(NOTICE, [...viewer, hasPermission(ctx, "access:write")]),
  ]);
  return { toAnswer: waiting?.count ?? 0, breakGlass: rows.map((row) => viewForViewer(ctx, row)) };
}
