import type { Group, User } from "../../../prisma/generated/client.ts";
import { requirePermission } from "../../access/permission.ts";
import { LOCAL_ISSUER } from "../../config/issuer.ts";
import type { Context } from "../../context.ts";
import { database, pool } from "../../db/connection.ts";
import { listProviders } from "../providers/registry.ts";
import { viewGroup, viewPerson } from "./data.ts";
import type { GroupsPage, ListGroupsQuery, ListPeopleQuery, PeoplePage } from "./schema.ts";

/** Of each person of a list, so many groups are named. */
const GROUPS_NAMED = 50;
const MOST_WORDS = 10;

const STATUS = "case when u.enabled then 'enabled' else 'disabled' end";
const SOURCE = `case when u.issuer = '${LOCAL_ISSUER}' then 'local' when u.scim_provisioned_at is not null then 'scim'
  when u.confirmed_at is null and u.last_login_at is null then 'administrator' else 'provider' end`;

const PEOPLE_ORDER: Record<string, string> = {
  email: "u.email",
  name: "lower(coalesce(nullif(u.name, ''), u.email))",
  status: STATUS,
  role: "u.console_role",
  source: SOURCE,
  login: "u.last_login_at",
  created: "u.created_at",
  provider: "u.issuer",
};

/** People who have every word of the search in name, address, role, status, source, provider or a group's name; a page of them. */
export async function findPeople({
  ctx,
  input,
}: {
  ctx: Context;
  input: ListPeopleQuery;
}): Promise<PeoplePage> {
  requirePermission(ctx, "people:read");
  const { values, where } = peopleWhere(input);
  const order = orderOf(input.sort, PEOPLE_ORDER);
  const [counted, found] = await Promise.all([
    pool().query<{ total: number }>(`select count(*)::int as total from users u where ${where}`, values),
    pool().query<Found>(
      `select u.id, array(${groupsOf("g.id::text", GROUPS_NAMED)}) as "groupIds",
         (select count(*)::int from group_members m join groups g on g.id = m.group_id
          where m.user_id = u.id and g.issuer = u.issuer) as "groupCount"
       from users u where ${where} order by ${order}, u.id limit ${input.limit} offset ${input.offset}`,
      values,
    ),
  ]);
  return { users: await viewFound(found.rows), total: counted.rows[0]?.total ?? 0 };
}

interface Found {
  id: string;
  groupIds: string[];
  groupCount: number;
}

const groupsOf = (column: string, most: number) => `
  select ${column} from group_members m join groups g on g.id = m.group_id
  where m.user_id = u.id and g.issuer = u.issuer order by g.name limit ${most}`;

function peopleWhere({ search, group }: ListPeopleQuery): { where: string; values: unknown[] } {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = wordsOf(search).map((word) => {
    const text = bind(word);
    const has = (sql: string) => `position(${text} in lower(${sql})) > 0`;
    const fields = ["coalesce(u.name, '')", "coalesce(u.email, '')", "u.console_role", STATUS, SOURCE];
    const inGroup = `exists (select 1 from group_members m join groups g on g.id = m.group_id
      where m.user_id = u.id and g.issuer = u.issuer and ${has("coalesce(g.display_name, g.name)")})`;
    return `(${[...fields.map(has), ofProvider("u", word, bind), inGroup].join(" or ")})`;
  });
  if (group !== undefined)
    conditions.push(
      `exists (select 1 from group_members m where m.user_id = u.id and m.group_id = ${bind(group)})`,
    );
  return { where: ["true", ...conditions].join(" and "), values };
}

/** Whether the issuer is of a provider whose id has the word in it. */
function ofProvider(row: string, word: string, bind: (value: unknown) => string): string {
  const issuers = listProviders()
    .filter(({ id }) => id.toLowerCase().includes(word))
    .map(({ issuer }) => issuer);
  return `${row}.issuer = any(${bind(issuers)}::text[])`;
}

async function viewFound(found: readonly Found[]): Promise<PeoplePage["users"]> {
  const groupIds = [...new Set(found.flatMap((each) => each.groupIds))];
  const [people, groups] = await Promise.all([
    database().user.findMany({ where: { id: { in: found.map(({ id }) => id) } } }),
    database().group.findMany({ where: { id: { in: groupIds } } }),
  ]);
  const personOf = new Map<string, User>(people.map((person) => [person.id, person]));
  const groupOf = new Map<string, Group>(groups.map((group) => [group.id, group]));
  return found.flatMap(({ id, groupIds: ids, groupCount }) => {
    const person = personOf.get(id);
    if (!person) return [];
    const memberships = ids.flatMap((groupId) => {
      const group = groupOf.get(groupId);
      return group ? [{ group }] : [];
    });
    const view = viewPerson({ ...person, memberships });
    // Another provider's groups are other groups: none are shown of one that is not configured any more.
    return [{ ...view, groupCount: view.formerIssuer === null ? groupCount : 0 }];
  });
}

const GROUP_NAME = "coalesce(g.display_name, g.name)";
const MEMBERS = "(select count(*)::int from group_members m where m.group_id = g.id)";
const GROUP_ORDER: Record<string, string> = {
  name: `lower(${GROUP_NAME})`,
  source: "g.source",
  members: MEMBERS,
  provider: "g.issuer",
};

/** Groups that have every word of the search in their names or their provider; a page of them. */
export async function findGroups({
  ctx,
  input,
}: {
  ctx: Context;
  input: ListGroupsQuery;
}): Promise<GroupsPage> {
  requirePermission(ctx, "people:read");
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = wordsOf(input.search).map((word) => {
    const text = bind(word);
    const names = `position(${text} in lower(g.name || ' ' || coalesce(g.display_name, ''))) > 0`;
    return `(${names} or ${ofProvider("g", word, bind)})`;
  });
  const where = ["true", ...conditions].join(" and ");
  const order = orderOf(input.sort, GROUP_ORDER);
  const [counted, found] = await Promise.all([
    pool().query<{ total: number }>(`select count(*)::int as total from groups g where ${where}`, values),
    pool().query<{ id: string; members: number }>(
      `select g.id, ${MEMBERS} as members from groups g where ${where}
       order by ${order}, g.id limit ${input.limit} offset ${input.offset}`,
      values,
    ),
  ]);
  const groups = await database().group.findMany({ where: { id: { in: found.rows.map(({ id }) => id) } } });
  const byId = new Map(groups.map((group) => [group.id, group]));
  const shown = found.rows.flatMap(({ id, members }) => {
    const group = byId.get(id);
    return group ? [viewGroup({ ...group, members })] : [];
  });
  return { groups: shown, total: counted.rows[0]?.total ?? 0 };
}

const wordsOf = (search: string): string[] =>
  search.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);

/** `name` or `-name`: of the columns there are, so nothing of a request is in the text. */
function orderOf(sort: string, columns: Record<string, string>): string {
  const sql = columns[sort.replace(/^-/, "")];
  return `${sql} ${sort.startsWith("-") ? "desc" : "asc"} nulls last`;
}
