import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstallation, NO_DEMO, type TestInstallation } from "../../../test/installation.ts";
import { type Context, systemContext } from "../../context.ts";
import { getGroup, getPerson } from "./data.ts";
import { findGroups, findPeople } from "./find-people.ts";
import { createPerson, setPersonEnabled } from "./mutations.ts";
import { ListGroupsQuery, ListPeopleQuery } from "./schema.ts";

const ctx = systemContext("test");
let installation: TestInstallation;

beforeAll(async () => {
  installation = await createTestInstallation(NO_DEMO);
  for (const [name, groups] of [
    ["Ann Ito", ["payments"]],
    ["Bob Moreau", ["payments", "night"]],
    ["Cleo Nyström", []],
  ] as const) {
    const email = `${name.split(" ")[0]!.toLowerCase()}@acme.example`;
    await createPerson({ ctx, input: { name, email, groups: [...groups] } });
  }
});
afterAll(() => installation.close());

const people = (query: object) => findPeople({ ctx, input: ListPeopleQuery.parse(query) });
const emails = async (query: object) => (await people(query)).users.map(({ email }) => email.split("@")[0]);

test("people are found by every word of a search, in names, addresses, groups, status and source", async () => {
  expect(await emails({})).toEqual(["ann", "bob", "cleo"]);
  expect(await emails({ search: "  MOREAU night " })).toEqual(["bob"]);
  expect(await emails({ search: "payments" })).toEqual(["ann", "bob"]);
  expect(await emails({ search: "nyström administrator enabled" })).toEqual(["cleo"]);
  expect(await emails({ search: "oidc" })).toEqual(["ann", "bob", "cleo"]);
  expect(await emails({ search: "payments nobody" })).toEqual([]);
  expect(await emails({ search: "%" })).toEqual([]);
  expect(await emails({ search: "' or 1=1 --" })).toEqual([]);
});

test("pages, their total and their order", async () => {
  expect(await people({ limit: "2", offset: "1" })).toMatchObject({ total: 3, users: [{}, {}] });
  expect(await emails({ limit: "2", offset: "1" })).toEqual(["bob", "cleo"]);
  expect(await emails({ sort: "-name" })).toEqual(["cleo", "bob", "ann"]);
  for (const wrong of [
    { sort: "issuer" },
    { sort: "email; drop table users" },
    { limit: "0" },
    { limit: "1001" },
  ])
    expect(ListPeopleQuery.safeParse(wrong).success).toBe(false);
});

test("those of a group; one by the id; whom nobody may see", async () => {
  const { groups } = await findGroups({ ctx, input: ListGroupsQuery.parse({ search: "PAY" }) });
  expect(groups).toMatchObject([{ name: "payments", members: 2, source: "claim" }]);
  const { id } = groups[0]!;
  expect(await emails({ group: id })).toEqual(["ann", "bob"]);
  expect(await getGroup({ ctx, input: { id } })).toEqual(groups[0]);
  const [ann] = (await people({ search: "ann" })).users;
  expect(await getPerson({ ctx, input: { id: ann!.id } })).toEqual(ann);
  const nobody: Context = { ...ctx, actor: { kind: "anonymous" } };
  await expect(findPeople({ ctx: nobody, input: ListPeopleQuery.parse({}) })).rejects.toMatchObject({
    code: "unauthenticated",
  });
});

test("of somebody in very many groups a list names the first, and counts them", async () => {
  const [cleo] = (await people({ search: "cleo" })).users;
  await installation.pool.query(
    `with made as (
       insert into groups (name, issuer) select 'many-' || lpad(n::text, 4, '0'), $1 from generate_series(1, 5000) n returning id)
     insert into group_members (group_id, user_id) select id, $2 from made`,
    [NO_DEMO.OIDC_ISSUER, cleo!.id],
  );
  const [listed] = (await people({ search: "cleo many-4321" })).users;
  expect(listed).toMatchObject({ groupCount: 5_000 });
  expect(listed!.groups).toHaveLength(50);
  expect((await getPerson({ ctx, input: { id: cleo!.id } })).groups).toHaveLength(5_000);
  await setPersonEnabled({ ctx, input: { id: cleo!.id, enabled: false } });
  expect(await emails({ search: "disabled" })).toEqual(["cleo"]);
});
