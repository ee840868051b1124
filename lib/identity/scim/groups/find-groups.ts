import { pool } from "../../../db/connection.ts";
import { isUuid } from "../../../names/uuid.ts";
import { compileFilter } from "../filter/compile-filter.ts";
import { exact, type FilterFields, text, time } from "../filter/filter-fields.ts";
import { listAnswer } from "../protocol/list-answer.ts";
import { isAsked, type ListQuery, type Projection, project } from "../protocol/list-query.ts";
import { notFound, ScimError } from "../protocol/scim-error.ts";
import type { ScimClient } from "../tokens/authenticate-scim.ts";
import { type GroupMemberRow, type GroupRow, groupResource } from "./group-resource.ts";

/** Where members are asked for, so many groups are answered at once: each may have thousands. */
const MOST_WITH_MEMBERS = 20;

const NAME = "coalesce(g.display_name, g.name)";
const SORTED: FilterFields = {
  id: exact("g.id::text"),
  externalid: exact("g.scim_external_id"),
  displayname: text(NAME),
  "meta.created": time("g.created_at"),
  "meta.lastmodified": time("coalesce(g.scim_updated_at, g.created_at)"),
};
/** By the ids of members, each of them one text: true of a group where one of them compares so. */
const MEMBER = exact("member.user_id::text");
const FIELDS: FilterFields = { ...SORTED, members: MEMBER, "members.value": MEMBER };

const COLUMNS = "g.id, g.name, g.display_name, g.scim_external_id, g.created_at, g.scim_updated_at";

/** Groups of the client's identity provider. @throws ScimError `invalidFilter`, `invalidValue` */
export async function listGroups({ issuer }: Pick<ScimClient, "issuer">, query: ListQuery) {
  const { from, values } = fromOf(issuer, query);
  const withMembers = isAsked(query.projection, "members");
  const count = withMembers ? Math.min(query.count, MOST_WITH_MEMBERS) : query.count;
  const order = `order by ${orderOf(query)} limit ${count} offset ${query.startIndex - 1}`;
  const [counted, found] = await Promise.all([
    pool().query<{ total: number }>(`select count(*)::int as total ${from}`, values),
    count === 0 ? { rows: [] } : pool().query<GroupRow>(`select ${COLUMNS} ${from} ${order}`, values),
  ]);
  const members = withMembers ? await membersOf(found.rows.map(({ id }) => id)) : null;
  const resources = found.rows.map((row) =>
    project(groupResource(row, members ? (members.get(row.id) ?? []) : undefined), query.projection),
  );
  return listAnswer(resources, { total: counted.rows[0]!.total, startIndex: query.startIndex });
}

function fromOf(issuer: string, { filter }: ListQuery): { from: string; values: unknown[] } {
  const ofClient = "from groups g where g.issuer = $1";
  if (filter === null) return { from: ofClient, values: [issuer] };
  const { sql, values } = compileFilter(filter, { fields: FIELDS, first: 2 });
  const condition = sql.includes(MEMBER.sql)
    ? `exists (select 1 from (select 1) one left join group_members member on member.group_id = g.id where ${sql})`
    : sql;
  return { from: `${ofClient} and ${condition}`, values: [issuer, ...values] };
}

function orderOf({ sortBy, descending }: ListQuery): string {
  if (sortBy === null) return "g.created_at, g.id";
  const name = sortBy.toLowerCase();
  const field = Object.hasOwn(SORTED, name) ? SORTED[name] : undefined;
  if (!field) throw new ScimError(400, "invalidValue", `sortBy: takes ${Object.keys(SORTED).join(", ")}`);
  const sql = field.kind === "text" ? `lower(${field.sql})` : field.sql;
  return `${sql} ${descending ? "desc" : "asc"} nulls last, g.id`;
}

/** One of them. @throws ScimError 404 */
export async function getGroup({ issuer }: Pick<ScimClient, "issuer">, id: string, projection: Projection) {
  const query = `select ${COLUMNS} from groups g where g.id = $1 and g.issuer = $2`;
  const row = isUuid(id) ? (await pool().query<GroupRow>(query, [id, issuer])).rows[0] : undefined;
  if (!row) throw notFound("Group");
  const members = isAsked(projection, "members") ? ((await membersOf([id])).get(id) ?? []) : undefined;
  return project(groupResource(row, members), projection);
}

interface Member extends GroupMemberRow {
  group_id: string;
}

async function membersOf(ids: readonly string[]): Promise<Map<string, GroupMemberRow[]>> {
  const { rows } = await pool().query<Member>(
    `select m.group_id, u.id, coalesce(u.name, u.email, '') as name from group_members m join users u on u.id = m.user_id
     where m.group_id = any($1) order by u.created_at, u.id`,
    [ids],
  );
  return Map.groupBy(rows, ({ group_id }) => group_id);
}
