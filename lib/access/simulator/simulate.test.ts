import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestInstallation, type TestInstallation } from "../../../test/installation.ts";
import { registerCluster } from "../../clusters/mutations.ts";
import { type Actor, type Context, systemContext } from "../../context.ts";
import { createApplication } from "../../identity/applications/mutations.ts";
import { createPerson, setPersonEnabled } from "../../identity/people/mutations.ts";
import { createGrant } from "../grants/mutations.ts";
import { updateBuiltInRoles } from "../roles/mutations.ts";
import type { SimulateInput } from "./schema.ts";
import { simulateCall } from "./simulate.ts";

const ctx = systemContext("test");
let installation: TestInstallation;

beforeAll(async () => {
  installation = await createTestInstallation();
  await updateBuiltInRoles({ ctx });
  for (const name of ["prod", "stage"]) {
    const input = { name, endpoint: "https://192.0.2.1", credential: { kind: "none" as const } };
    await registerCluster({ ctx, input });
  }
  await newRole("no-deletes", [
    { effect: "allow", apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { effect: "deny", apiGroups: ["*"], resources: ["*"], verbs: ["delete", "deletecollection"] },
  ]);
  for (const email of ["alice@acme.example", "bob@acme.example", "carol@acme.example"]) {
    await createPerson({
      ctx,
      input: { email, name: email, groups: email.startsWith("alice") ? ["team"] : [] },
    });
  }
  await createGrant({
    ctx,
    input: {
      role: "developer",
      subjectKind: "group",
      subject: "team",
      cluster: "prod",
      namespaces: ["payments"],
    },
  });
  const everywhere = { subjectKind: "user" as const, subject: "alice@acme.example", cluster: null };
  await createGrant({ ctx, input: { ...everywhere, role: "read-only" } });
  await createGrant({ ctx, input: { ...everywhere, role: "no-deletes", cluster: "stage" } });
  await createGrant({ ctx, input: { ...everywhere, role: "cluster-admin", cluster: "stage" } });
});
afterAll(() => installation.close());

const newRole = (name: string, rules: object[]) =>
  installation.pool.query("insert into roles (name, rules, kubernetes_groups) values ($1, $2, '{}')", [
    name,
    JSON.stringify(rules),
  ]);

const ALICE = "alice@acme.example";
const ask = (input: Partial<SimulateInput>, as: Context = ctx) =>
  simulateCall({
    ctx: as,
    input: { subject: ALICE, cluster: "prod", verb: "delete", resource: "pods", ...input },
  });

describe("a call that is allowed", () => {
  test("names grant, role and rule, as whom it is made and what else allows it", async () => {
    const answer = await ask({ verb: "get", namespace: "payments", name: "web" });
    expect(answer).toMatchObject({
      allowed: true,
      verdict: expect.stringMatching(/^role developer allows it by rule 1: allow .* on pods, services/),
      subject: { kind: "user", name: ALICE, groups: ["team"] },
      cluster: { name: "prod" },
      impersonate: { user: ALICE, groups: ["kubewitness:developer"] },
      until: null,
      unexplained: 0,
      notes: [],
    });
    expect(answer.grants.map(({ grant, outcome, rule }) => [grant.role.name, outcome, rule?.number])).toEqual(
      [
        ["developer", "decides", 1],
        ["read-only", "allows", 1],
        ["cluster-admin", "silent", undefined],
        ["no-deletes", "silent", undefined],
      ],
    );
    expect(answer.grants[0]!.grant.subject).toMatchObject({ kind: "group", name: "team" });
    expect(answer.grants.at(-1)!.why).toEqual(["does not cover cluster prod"]);
  });

  test("says until when", async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const input = { subjectKind: "user" as const, subject: "carol@acme.example", cluster: "prod", expiresAt };
    await createGrant({ ctx, input: { ...input, role: "read-only" } });
    const carol = { subject: "carol@acme.example", verb: "list" };
    expect(await ask(carol)).toMatchObject({ allowed: true, until: expiresAt });
    const later = new Date(Date.parse(expiresAt) + 1_000).toISOString();
    expect(await ask({ ...carol, at: later })).toMatchObject({
      allowed: false,
      grants: [{ outcome: "silent", why: [`expired at ${expiresAt}`] }],
    });
  });

  test("without a rule, as everybody's discovery and a granted namespace are", async () => {
    const discovery = await ask({ verb: "get", resource: "", path: "/apis" });
    expect(discovery.grants[0]).toMatchObject({ outcome: "decides", rule: null, why: [/every client/] });
    const namespace = await ask({
      verb: "get",
      resource: "namespaces",
      namespace: "payments",
      name: "payments",
    });
    expect(namespace).toMatchObject({ allowed: true });
  });
});

describe("a call that is refused", () => {
  test("says of each grant everything that stands against it", async () => {
    const answer = await ask({ namespace: "checkout" });
    expect(answer).toMatchObject({ allowed: false, impersonate: null });
    expect(answer.verdict).toMatch(/cannot delete resource "pods".*role developer covers namespace payments/);
    const why = Object.fromEntries(answer.grants.map(({ grant, why }) => [grant.role.name, why]));
    expect(why).toEqual({
      developer: ["covers namespace payments, not checkout"],
      "read-only": [
        "no rule of role read-only allows it; rule 1 comes closest: it is for get, list, watch, not delete",
      ],
      "cluster-admin": ["does not cover cluster prod"],
      "no-deletes": [
        "does not cover cluster prod",
        "no rule of role no-deletes allows it; rule 1 comes closest: it is for get, not delete",
      ],
    });
  });

  test("by a deny rule names it, though others would allow it", async () => {
    const answer = await ask({ cluster: "stage", namespace: "payments", name: "web" });
    expect(answer.verdict).toMatch(/role no-deletes denies it$/);
    expect(answer.grants.slice(0, 2)).toMatchObject([
      {
        grant: { role: { name: "no-deletes" } },
        outcome: "denies",
        rule: { number: 2, text: "deny delete, deletecollection on * in API group *" },
      },
      { grant: { role: { name: "cluster-admin" } }, outcome: "allows" },
    ]);
  });

  test.each([
    [{ verb: "get", resource: "secrets", name: "db" }, /it is for \* but secrets, secrets\/\*, not secrets/],
    [{ verb: "get", resource: "pods/proxy", name: "web" }, /it is for \* but .* not pods\/proxy/],
    [
      { verb: "get", resource: "", path: "/metrics" },
      /rule 2 comes closest: it is for path .*, not \/metrics/,
    ],
    [{ verb: "get", as: "bob" }, /^does not permit to act as user bob$/],
    [{ verb: "get", as: "bob", asGroups: ["ops"] }, /user bob, group ops/],
  ])("%j", async (input, why) => {
    const { allowed, grants } = await ask(input);
    expect(allowed).toBe(false);
    expect(grants.find(({ grant }) => grant.role.name === "read-only")?.why).toEqual([
      expect.stringMatching(why),
    ]);
  });

  test("by conditions and labels says which, in the words of the denial", async () => {
    await newRole("office", [
      {
        ...{
          effect: "allow",
          apiGroups: [""],
          resources: ["pods"],
          verbs: ["get"],
          clusterLabels: { env: "prod" },
        },
        when: { networks: ["10.0.0.0/8"], accessMethods: ["CLI"] },
      },
    ]);
    const dora = await createPerson({ ctx, input: { email: "dora@acme.example", name: "Dora", groups: [] } });
    await createGrant({
      ctx,
      input: { role: "office", subjectKind: "user", subject: dora.id, cluster: "prod" },
    });
    const input = { subject: dora.id, verb: "get", clientAddress: "192.0.2.7" };
    const [trace] = (await ask(input)).grants;
    expect(trace?.why).toEqual([
      expect.stringMatching(
        /rule 1 comes closest: it is for clusters labelled env=prod, .*; it allows only .*10\.0\.0\.0\/8/,
      ),
    ]);
    await installation.pool.query(`update clusters set labels = '{"env":"prod"}' where name = 'prod'`);
    expect(await ask({ ...input, clientAddress: "10.1.2.3" })).toMatchObject({ allowed: true });
  });

  test("of somebody without grants, and of a disabled person", async () => {
    const bob = { subject: "bob@acme.example" };
    expect(await ask(bob)).toMatchObject({
      verdict: expect.stringMatching(/no role is granted to you/),
      grants: [],
    });
    const { subject } = await ask(bob);
    await setPersonEnabled({ ctx, input: { id: subject.id, enabled: false } });
    expect(await ask(bob)).toMatchObject({ notes: [expect.stringMatching(/^The person is disabled/)] });
  });
});

describe("who may ask", () => {
  const person = async (): Promise<Context> => {
    const { subject } = await ask({});
    const actor: Actor = {
      kind: "user",
      id: subject.id,
      name: ALICE,
      email: ALICE,
      consoleRole: "user",
      groups: [],
      groupIds: [],
    };
    return { ...ctx, actor };
  };

  test("anybody of themselves, as they are signed in", async () => {
    const answer = await ask({ subject: null, verb: "get" }, await person());
    expect(answer).toMatchObject({
      allowed: true,
      subject: { name: ALICE },
      verdict: expect.stringMatching(/read-only/),
    });
  });

  test("of others who may see grants", async () => {
    await expect(ask({}, await person())).rejects.toMatchObject({ code: "permission_denied" });
    await expect(ask({ subject: null }, { ...ctx, actor: { kind: "anonymous" } })).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });

  test("of an application", async () => {
    await createApplication({ ctx, input: { name: "scanner" } });
    const input = { subjectKind: "application" as const, subject: "scanner" };
    expect(await ask(input)).toMatchObject({
      allowed: false,
      subject: { kind: "application", name: "scanner" },
    });
  });

  test.each([
    [{ subject: "nobody@acme.example" }, "subject"],
    [{ cluster: "nowhere" }, "cluster"],
  ])("%j is refused at its field", async (input, field) => {
    await expect(ask(input)).rejects.toMatchObject({ code: "invalid_argument", details: [{ field }] });
  });
});
