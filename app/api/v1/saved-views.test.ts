import { afterAll, beforeAll, expect, test } from "vitest";
import { updateBuiltInRoles } from "../../../lib/access/roles/mutations.ts";
import { type SavedView, SavedViewList } from "../../../lib/audit/views/schema.ts";
import { systemContext } from "../../../lib/context.ts";
import { createPerson } from "../../../lib/identity/people/mutations.ts";
import { issueToken } from "../../../lib/identity/tokens/mutations.ts";
import { createApiClient } from "../../../test/audit/api-client.ts";
import {
  createTestInstallation,
  lastEventNo,
  NO_DEMO,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import * as savedView from "./saved-views/[id]/route.ts";
import * as savedViews from "./saved-views/route.ts";

type Person = "ada" | "bo" | "cy";
type Handler = (request: Request, route: { params: Promise<unknown> }) => Promise<Response>;

const ctx = systemContext("test");
/** Ada and Bo are auditors, Cy sees only what is his own. */
const GROUPS: Record<Person, string> = { ada: "auditor", bo: "auditor", cy: "user" };
const tokens = new Map<Person, string>();
let installation: TestInstallation;

beforeAll(async () => {
  installation = await createTestInstallation({
    OIDC_ADMINISTRATOR_GROUPS: "administrator",
    OIDC_AUDITOR_GROUPS: "auditor",
    ...NO_DEMO,
  });
  await updateBuiltInRoles({ ctx });
  for (const [name, group] of Object.entries(GROUPS) as [Person, string][]) {
    const person = await createPerson({
      ctx,
      input: { email: `${name}@acme.example`, name, groups: [group] },
    });
    tokens.set(name, (await issueToken({ ctx, input: { name: "test", userId: person.id } })).token);
  }
});
afterAll(() => installation.close());

async function ask(
  as: Person | null,
  handler: Handler,
  {
    method = "GET",
    search = "",
    id,
    body,
  }: { method?: string; search?: string; id?: string; body?: unknown } = {},
) {
  const request = new Request(`http://localhost:3000/api/v1/saved-views${search}`, {
    method,
    headers: as === null ? {} : { authorization: `Bearer ${tokens.get(as)}` },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const response = await handler(request, { params: Promise.resolve(id === undefined ? {} : { id }) });
  return { status: response.status, body: (await response.json()) as unknown };
}

const create = (as: Person | null, body: unknown) => ask(as, savedViews.POST, { method: "POST", body });
const change = (as: Person, id: string, body: unknown) =>
  ask(as, savedView.PATCH, { method: "PATCH", id, body });
const remove = (as: Person, id: string) => ask(as, savedView.DELETE, { method: "DELETE", id });

async function list(as: Person, search = "?surface=request_audit"): Promise<SavedView[]> {
  const { status, body } = await ask(as, savedViews.GET, { search });
  expect(status).toBe(200);
  return SavedViewList.parse(body).views;
}

/** A view of somebody's own; each test takes names of its own. */
async function keep(as: Person, name: string, more: object = {}): Promise<SavedView> {
  const { status, body } = await create(as, {
    surface: "request_audit",
    name,
    query: "filter=verb%3Ddelete",
    ...more,
  });
  expect(status).toBe(201);
  return body as SavedView;
}

const namesFor = async (as: Person) => (await list(as)).map(({ name }) => name);

test("a view keeps whatever filter the page takes", async () => {
  const filter = Array.from({ length: 240 }, (_, index) => `resourceName = "заказ-${index}"`).join(" OR ");
  expect(filter.length).toBeGreaterThan(7_000);
  const query = `filter=${encodeURIComponent(filter)}`;
  expect((await keep("cy", "Long", { query })).query).toBe(query);
});

test("a person has 200 views, and no more", async () => {
  await installation.pool.query(
    `insert into saved_views (surface, name, query, owner_id)
     select 'request_audit', 'filler ' || n, '', (select id from users where email = 'cy@acme.example')
     from generate_series(1, 200) n`,
  );
  const body = { surface: "request_audit", name: "One more", query: "" };
  expect(await create("cy", body)).toMatchObject({ status: 409, body: { code: "conflict" } });
  await installation.pool.query("delete from saved_views where name like 'filler %'");
});

test("a view is kept, changed and deleted, and each of it is an event", async () => {
  const before = await lastEventNo(installation);
  const view = await keep("ada", "Deletions");
  expect(view).toMatchObject({
    name: "Deletions",
    query: "filter=verb%3Ddelete",
    shared: false,
    own: true,
    ownerName: "ada",
  });
  expect(await list("ada")).toContainEqual(view);

  const changed = await change("ada", view.id, {
    name: "Deletions of a day",
    query: "filter=verb%3Ddelete&range=1d",
  });
  expect(changed.status).toBe(200);
  expect(changed.body).toMatchObject({
    id: view.id,
    name: "Deletions of a day",
    query: "filter=verb%3Ddelete&range=1d",
  });
  expect(await namesFor("ada")).toContain("Deletions of a day");
  expect(await namesFor("ada")).not.toContain("Deletions");

  expect(await remove("ada", view.id)).toMatchObject({ status: 200, body: { id: view.id } });
  expect(await namesFor("ada")).not.toContain("Deletions of a day");

  const events = await readEvents(installation, before);
  const content = { surface: "request_audit", shared: false };
  const first = { ...content, name: "Deletions", query: "filter=verb%3Ddelete" };
  const second = { ...content, name: "Deletions of a day", query: "filter=verb%3Ddelete&range=1d" };
  const about = {
    entityType: "SavedView",
    entityId: view.id,
    actorName: "ada@acme.example",
    status: "Succeeded",
  };
  expect(events).toMatchObject([
    { ...about, action: "Create", entityName: first.name, before: null, after: first },
    { ...about, action: "Update", entityName: second.name, before: first, after: second },
    { ...about, action: "Delete", entityName: second.name, before: second, after: null },
  ]);
});

test("a private view is nobody else's: not listed, not changed, not deleted", async () => {
  const view = await keep("ada", "Private");
  const before = await lastEventNo(installation);
  expect(await namesFor("bo")).not.toContain("Private");
  const unknown = await change("bo", "00000000-0000-4000-8000-000000000000", { name: "x" });
  for (const answer of [await change("bo", view.id, { name: "x" }), await remove("bo", view.id)]) {
    // The answer is that for an id which does not exist.
    expect(answer).toEqual({ status: 404, body: unknown.body });
  }
  expect(await list("ada")).toContainEqual(view);
  expect(await readEvents(installation, before)).toEqual([]);
});

test("a shared view is everyone's to open and its owner's to change", async () => {
  const view = await keep("ada", "Shared", { shared: true });
  const seen = (await list("cy")).find(({ id }) => id === view.id);
  expect(seen).toEqual({ ...view, own: false });
  for (const as of ["bo", "cy"] as const) {
    expect((await change(as, view.id, { query: "filter=x" })).status).toBe(404);
    expect((await remove(as, view.id)).status).toBe(404);
  }
  expect(await list("ada")).toContainEqual(view);

  expect((await change("ada", view.id, { shared: false })).status).toBe(200);
  expect(await namesFor("cy")).not.toContain("Shared");
});

test("sharing takes a permission, at the start and later", async () => {
  const shared = { surface: "request_audit", name: "Everyone's", query: "", shared: true };
  expect(await create("cy", shared)).toMatchObject({ status: 403, body: { code: "permission_denied" } });
  const view = await keep("cy", "Cy's own");
  expect((await change("cy", view.id, { shared: true })).status).toBe(403);
  expect((await list("cy")).find(({ id }) => id === view.id)?.shared).toBe(false);
  expect(await namesFor("bo")).not.toContain("Cy's own");
});

test("a name is taken once a person and surface", async () => {
  const view = await keep("ada", "Taken");
  const before = await lastEventNo(installation);
  const again = { surface: "request_audit", name: " Taken ", query: "" };
  const conflict = { status: 409, body: { code: "conflict", details: [{ field: "name", got: "Taken" }] } };
  expect(await create("ada", again)).toMatchObject(conflict);
  expect(await readEvents(installation, before)).toEqual([]);

  const other = await keep("ada", "Free");
  expect(await change("ada", other.id, { name: "Taken" })).toMatchObject(conflict);
  expect(await list("ada")).toEqual(expect.arrayContaining([view, other]));

  await keep("bo", "Taken");
  await keep("ada", "Taken", { surface: "event_history" });
  expect((await list("ada", "?surface=event_history")).map(({ name }) => name)).toEqual(["Taken"]);
  expect((await list("ada", "")).filter(({ name }) => name === "Taken")).toHaveLength(2);
});

test("what is no view is refused by the field's name", async () => {
  const good = { surface: "request_audit", name: "Good", query: "filter=a" };
  const bad: [string, object][] = [
    ["surface", { ...good, surface: "overview" }],
    ["name", { ...good, name: "  " }],
    ["name", { ...good, name: "x".repeat(81) }],
    ["name", { ...good, name: "Denied\u202edewolla" }],
    ["query", { ...good, query: "a b" }],
    ["query", { ...good, query: "x".repeat(32_001) }],
    ["shared", { ...good, shared: "yes" }],
  ];
  for (const [field, body] of bad) {
    const answer = await create("ada", body);
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_argument" } });
    expect((answer.body as { details: { field: string }[] }).details[0]!.field).toContain(field);
  }
  expect((await create("ada", { ...good, ownerId: "x" })).status).toBe(400);
  expect((await change("ada", "not-an-id", { name: "x" })).status).toBe(400);
});

test("who is not signed in sees none, and an application keeps none", async () => {
  expect((await ask(null, savedViews.GET)).status).toBe(401);
  expect((await create(null, { surface: "request_audit", name: "x", query: "" })).status).toBe(401);
  const shared = await keep("bo", "For applications too", { shared: true });
  await keep("bo", "Not for applications");
  const application = await createApiClient();
  const { views } = SavedViewList.parse(
    await (await application.get(savedViews.GET, "/api/v1/saved-views")).json(),
  );
  expect(views).toContainEqual({ ...shared, own: false });
  expect(views.every((view) => view.shared && !view.own)).toBe(true);
});
