// npm run bench -- provisioning [--people 10000] [--groups 5000] [--members 5000]
// What SCIM clients and the pages of people ask where there are many: each through its verb, on a database of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { installConfig, loadConfig } from "../lib/config.ts";
import { systemContext } from "../lib/context.ts";
import { connectDatabase, disconnectDatabase } from "../lib/db/connection.ts";
import { migrateDatabase } from "../lib/db/migrate.ts";
import { findGroups, findPeople } from "../lib/identity/people/find-people.ts";
import { ListGroupsQuery, ListPeopleQuery } from "../lib/identity/people/schema.ts";
import { getGroup, listGroups } from "../lib/identity/scim/groups/find-groups.ts";
import { createScimGroup, patchScimGroup, replaceScimGroup } from "../lib/identity/scim/groups/mutations.ts";
import { readListQuery, readProjection } from "../lib/identity/scim/protocol/list-query.ts";
import { listUsers } from "../lib/identity/scim/users/find-users.ts";
import { createScimUser, patchScimUser } from "../lib/identity/scim/users/mutations.ts";
import { report, startServer } from "./query/history.ts";

const { values: options } = parseArgs({
  options: {
    people: { type: "string", default: "10000" },
    groups: { type: "string", default: "5000" },
    members: { type: "string", default: "5000" },
  },
});
const [people, groups, members] = [options.people, options.groups, options.members].map(Number) as [
  number,
  number,
  number,
];
const ISSUER = "https://login.example";
const server = await startServer();
const folder = mkdtempSync(path.join(tmpdir(), "kubewitness-bench-provisioning-"));
await migrateDatabase(server.url);
const { pool } = connectDatabase(server.url);
installConfig(
  loadConfig({
    env: {
      KUBEWITNESS_DEMO: "false",
      OIDC_ISSUER: ISSUER,
      OIDC_CLIENT_ID: "x",
      OIDC_CLIENT_SECRET: "y",
      KUBEWITNESS_DATA: folder,
    },
    cwd: folder,
  }),
);
const ctx = systemContext("bench");
const client = { issuer: ISSUER };

await pool.query(
  `insert into users (email, name, issuer, scim_user_name, scim_external_id, scim_active, scim_provisioned_at)
   select 'p' || n || '@acme.example', 'Person ' || n, $1, 'p' || n || '@acme.example', 'x' || n, true, now() from generate_series(1, $2::int) n`,
  [ISSUER, people],
);
await pool.query(
  "insert into groups (name, display_name, issuer, source) select 'g' || n, 'Group ' || n, $1, 'scim' from generate_series(1, $2::int) n",
  [ISSUER, groups],
);
// One person is in every group; everybody is in ten.
await pool.query(
  `insert into group_members (group_id, user_id) select g.id, u.id from groups g, users u where u.email = 'p1@acme.example'
   union select g.id, u.id from (select id, row_number() over (order by name) as n from groups) g
     join (select id, row_number() over (order by email) as n from users) u on g.n % ($1::int / 10) = u.n % ($1::int / 10)`,
  [groups],
);
await pool.query("analyze");
const ids = (
  await pool.query<{ id: string }>("select id from users order by created_at, id limit $1", [members])
).rows;
const [last] = ids.splice(-1);

const search = (text: string) => new URLSearchParams(text);
const filtered = (filter: string, more = "") =>
  readListQuery(search(`filter=${encodeURIComponent(filter)}${more}`));

let group = "";
await once(`a group of ${ids.length} is made`, async () => {
  const resource = { displayName: "Everybody", members: ids.map(({ id }) => ({ value: id })) };
  group = await createScimGroup({ ctx, input: { client, resource } });
});
const member = (op: "add" | "remove") =>
  patchScimGroup({
    ctx,
    input: {
      client,
      id: group,
      operations: [
        op === "add"
          ? { op, path: "members", value: [{ value: last!.id }] }
          : { op, path: `members[value eq "${last!.id}"]`, value: undefined },
      ],
    },
  });
await report("a member added to it, and taken out", async () => {
  await member("add");
  await member("remove");
});
await once("all of its members but one replaced", () =>
  replaceScimGroup({
    ctx,
    input: { client, id: group, resource: { displayName: "Everybody", members: [{ value: last!.id }] } },
  }),
);
await once("and back", async () => {
  const all = ids.map(({ id }) => ({ value: id }));
  await replaceScimGroup({
    ctx,
    input: { client, id: group, resource: { displayName: "Everybody", members: all } },
  });
});
await report("it is read with its members", () => getGroup(client, group, readProjection(search(""))));

let made = 0;
await report("a person is made", () => {
  made += 1;
  return createScimUser({ ctx, input: { client, resource: { userName: `new${made}@acme.example` } } });
});
const { rows } = await pool.query<{ id: string }>("select id from users where email = 'p1@acme.example'");
let active = true;
await report("a person in every group is deactivated, or activated", () => {
  active = !active;
  const operations = [{ op: "replace" as const, path: "active", value: active }];
  return patchScimUser({ ctx, input: { client, id: rows[0]!.id, operations } });
});
await report('filter userName eq "…"', () => listUsers(client, filtered('userName eq "P777@acme.example"')));
await report('filter externalId eq "…"', () => listUsers(client, filtered('externalId eq "x777"')));
await report('filter emails.value co "…"', () => listUsers(client, filtered('emails.value co "77@acme"')));
await report("the last page of people", () =>
  listUsers(client, readListQuery(search(`startIndex=${people - 100}`))),
);
await report('filter displayName eq "…" of groups', () =>
  listGroups(client, filtered('displayName eq "Group 777"', "&excludedAttributes=members")),
);
await report("page Users, the first 100", () =>
  findPeople({ ctx, input: ListPeopleQuery.parse({ limit: 100 }) }),
);
await report("page Users, searched for a name and a group", () =>
  findPeople({ ctx, input: ListPeopleQuery.parse({ limit: 100, search: "person group" }) }),
);
await report("page Users, searched in vain", () =>
  findPeople({ ctx, input: ListPeopleQuery.parse({ limit: 100, search: "nobody at all" }) }),
);
await report("page Groups, by members", () =>
  findGroups({ ctx, input: ListGroupsQuery.parse({ limit: 100, sort: "-members" }) }),
);
await disconnectDatabase();
await server.stop();
rmSync(folder, { recursive: true });

async function once(name: string, run: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await run();
  process.stdout.write(`${name.padEnd(60)} ${(performance.now() - began).toFixed(0)} ms\n`);
}
