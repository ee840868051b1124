import type { User } from "../../../../prisma/generated/client.ts";
import { database, pool } from "../../../db/connection.ts";
import { isUuid } from "../../../names/uuid.ts";
import { compileFilter } from "../filter/compile-filter.ts";
import { boolean, exact, type FilterFields, text, time } from "../filter/filter-fields.ts";
import { listAnswer } from "../protocol/list-answer.ts";
import { type ListQuery, type Projection, project } from "../protocol/list-query.ts";
import { notFound, ScimError } from "../protocol/scim-error.ts";
import type { ScimClient } from "../tokens/authenticate-scim.ts";
import { userResource } from "./user-resource.ts";

/** So many of a person's groups are answered. */
const MOST_GROUPS = 10_000;

const USER_NAME = "coalesce(u.scim_user_name, u.email)";
const EMAIL = text("u.email");
const attribute = (path: string) => text(`u.scim_attributes #>> '{${path}}'`);

const FIELDS: FilterFields = {
  id: exact("u.id::text"),
  externalid: exact("u.scim_external_id"),
  username: text(USER_NAME),
  displayname: text("coalesce(u.scim_attributes ->> 'displayName', u.name)"),
  "name.formatted": text("coalesce(u.scim_attributes #>> '{name,formatted}', u.name)"),
  "name.givenname": attribute("name,givenName"),
  "name.familyname": attribute("name,familyName"),
  emails: EMAIL,
  "emails.value": EMAIL,
  "emails.type": text("case when u.email is not null then 'work' end"),
  "emails.primary": boolean("(u.email is not null)"),
  active: boolean("u.enabled"),
  "meta.created": time("u.created_at"),
  "meta.lastmodified": time("u.updated_at"),
};

const COUNT = "select count(*)::int as total from users u";
const IDS = "select u.id from users u";
const OF_CLIENT = "where u.issuer = $1 and u.scim_deleted_at is null";

/** People of the client's identity provider. @throws ScimError `invalidFilter`, `invalidValue` */
export async function listUsers({ issuer }: Pick<ScimClient, "issuer">, query: ListQuery) {
  const condition = query.filter === null ? null : compileFilter(query.filter, { fields: FIELDS, first: 2 });
  const where = condition === null ? OF_CLIENT : `${OF_CLIENT} and ${condition.sql}`;
  const values = [issuer, ...(condition?.values ?? [])];
  const order = `order by ${orderOf(query)} limit ${query.count} offset ${query.startIndex - 1}`;
  const [counted, found] = await Promise.all([
    pool().query<{ total: number }>(`${COUNT} ${where}`, values),
    query.count === 0 ? { rows: [] } : pool().query<{ id: string }>(`${IDS} ${where} ${order}`, values),
  ]);
  const users = await loadInOrder(found.rows.map(({ id }) => id));
  const resources = users.map((user) => project(userResource(user), query.projection));
  return listAnswer(resources, { total: counted.rows[0]!.total, startIndex: query.startIndex });
}

function orderOf({ sortBy, descending }: ListQuery): string {
  if (sortBy === null) return "u.created_at, u.id";
  const name = sortBy.toLowerCase();
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (!field) throw new ScimError(400, "invalidValue", `sortBy: takes ${Object.keys(FIELDS).join(", ")}`);
  const sql = field.kind === "text" ? `lower(${field.sql})` : field.sql;
  return `${sql} ${descending ? "desc" : "asc"} nulls last, u.id`;
}

async function loadInOrder(ids: readonly string[]): Promise<User[]> {
  const rows = await database().user.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** One of them, with their groups. @throws ScimError 404 */
export async function getUser({ issuer }: Pick<ScimClient, "issuer">, id: string, projection: Projection) {
  return project(await loadUser(issuer, id), projection);
}

/** A person as a resource, with their groups. @throws ScimError 404 */
export async function loadUser(issuer: string, id: string) {
  const user = isUuid(id)
    ? await database().user.findFirst({
        where: { id, issuer, scimDeletedAt: null },
        include: {
          memberships: { include: { group: true }, orderBy: { group: { name: "asc" } }, take: MOST_GROUPS },
        },
      })
    : null;
  if (!user) throw notFound("User");
  const groups = user.memberships.map(({ group }) => group).filter((group) => group.issuer === issuer);
  return userResource(
    user,
    groups.map(({ id: groupId, name, displayName }) => ({ id: groupId, name: displayName ?? name })),
  );
}
