import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeEntries } from "../../../test/audit/store-entries.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import type { KubeRequestEntry } from "../../audit/entry/entry.ts";
import { registerCluster } from "../../clusters/mutations.ts";
import { systemContext } from "../../context.ts";
import { createPerson } from "../../identity/people/mutations.ts";
import { createGrant } from "../grants/mutations.ts";
import { RoleDocument } from "../roles/document/schema.ts";
import { updateBuiltInRoles } from "../roles/mutations.ts";
import { dryRunRole } from "./run.ts";
import type { DryRunLine, DryRunResult } from "./schema.ts";

const ctx = systemContext("test");
const now = Date.now();
const HOUR = 3_600_000;
let installation: TestInstallation;
let roleId: string;
let ada: KubeRequestEntry["actor"];
let prod: KubeRequestEntry["cluster"];

const RULES = [
  {
    effect: "allow",
    apiGroups: [""],
    resources: ["pods", "pods/exec"],
    verbs: ["get", "list", "delete", "create"],
  },
];
const document = (rules: object[], kubernetes: object = { groups: ["ops"] }) =>
  RoleDocument.parse({
    apiVersion: "kubewitness.io/v1",
    kind: "Role",
    metadata: { name: "ops" },
    spec: { rules, kubernetes },
  });

beforeAll(async () => {
  installation = await createTestInstallation();
  await updateBuiltInRoles({ ctx });
  const cluster = { name: "prod", endpoint: "https://192.0.2.1", credential: { kind: "none" as const } };
  prod = {
    id: (await registerCluster({ ctx, input: cluster })).id,
    name: "prod",
    endpoint: cluster.endpoint,
  };
  const { rows } = await installation.pool.query<{ id: string }>(
    "insert into roles (name, rules, kubernetes_groups) values ('ops', $1, '{ops}') returning id",
    [JSON.stringify(RULES)],
  );
  roleId = rows[0]!.id;
  const people = ["ada", "grace"].map((name) =>
    createPerson({ ctx, input: { email: `${name}@acme.example`, name, groups: ["team"] } }),
  );
  const [person] = await Promise.all(people);
  ada = { kind: "user", id: person!.id, name: "ada", email: "ada@acme.example" };
  const grant = {
    role: "ops",
    subjectKind: "group" as const,
    subject: "team",
    cluster: "prod",
    namespaces: ["shop"],
  };
  await createGrant({ ctx, input: grant });
});
afterAll(() => installation.close());

let made = 0;
/** A call of Ada's, by default one that her role allowed. */
function call(fields: Partial<KubeRequestEntry>): KubeRequestEntry {
  const [any] = [...generateEntries({ count: 1, from: now - 2_000, to: now - 1_000, seed: 3 })];
  made += 1;
  return {
    ...any!,
    callId: randomUUID(),
    stage: "complete",
    result: "success",
    httpStatus: 200,
    role: "ops",
    actor: ada,
    cluster: prod,
    clientIp: "10.0.0.1",
    accessMethod: "CLI",
    impersonatedUser: null,
    impersonatedGroups: [],
    executedAt: now - HOUR - made,
    verb: "get",
    apiGroup: "",
    resource: "pods",
    resourceName: "web",
    namespace: "shop",
    ...fields,
  };
}
const refused = { role: null, httpStatus: 403, result: "failure" as const };

async function run(
  rules: object[],
  { kubernetes, ...input }: { roleId?: string | null; days?: number; kubernetes?: object } = {},
): Promise<{ lines: DryRunLine[]; result: DryRunResult }> {
  const asked = { roleId, days: 30, document: document(rules, kubernetes), ...input };
  const lines: DryRunLine[] = [];
  for await (const line of dryRunRole({ ctx, input: asked, signal: new AbortController().signal }))
    lines.push(line);
  const result = lines.at(-1);
  if (result?.kind !== "result") throw new Error("no result");
  return { lines, result };
}

test("says which calls would be refused, which allowed, and which made as somebody else", async () => {
  await storeEntries(installation.pool, [
    call({ verb: "delete", resourceName: "a" }),
    call({ verb: "delete", resourceName: "b", executedAt: now - 20 * 24 * HOUR }),
    call({ verb: "delete", resourceName: "too-old", executedAt: now - 40 * 24 * HOUR }),
    call({ verb: "delete", stage: "end" }),
    call({ verb: "get" }),
    call({ ...refused, verb: "get", resource: "configmaps", resourceName: "settings" }),
    call({ ...refused, verb: "get", resource: "configmaps", httpStatus: 404 }),
    call({ resource: "pods/exec", verb: "create" }),
    // Refused then, and allowed by what is in force now.
    call({ ...refused, verb: "list", resourceName: null }),
    call({ verb: "get", namespace: "elsewhere" }),
    call({ actor: { ...ada, id: randomUUID(), email: "stranger@acme.example" } }),
    call({ verb: "get", resource: "/version", role: "ops", namespace: null, resourceName: null }),
  ]);
  const rules = [
    { ...RULES[0], resources: ["pods", "pods/exec", "configmaps"], verbs: ["get", "list", "create"] },
  ];
  const { result, lines } = await run(rules);
  expect(result).toMatchObject({
    checked: 8,
    refused: {
      calls: 2,
      ungrouped: 0,
      groups: [{ verb: "delete", resource: "pods", namespace: "shop", calls: 2 }],
    },
    allowed: { calls: 1, groups: [{ verb: "get", resource: "configmaps", says: "role ops would allow it" }] },
    otherwise: { calls: 0 },
    outdated: 2,
    untold: [],
  });
  expect(result.refused.groups[0]).toMatchObject({
    person: { kind: "user", id: ada.id, name: "ada@acme.example" },
    cluster: "prod",
    says: expect.stringMatching(/cannot delete resource "pods".*role ops does not allow it/),
  });
  expect(lines.slice(0, -1).every(({ kind }) => kind === "progress")).toBe(true);
  const shares = lines.flatMap((line) => (line.kind === "progress" ? [line.share] : []));
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);

  const other = await run(RULES, { kubernetes: { user: "ops-bot", groups: [] } });
  expect(other.result).toMatchObject({
    refused: { calls: 0 },
    otherwise: {
      calls: 5,
      groups: expect.arrayContaining([expect.objectContaining({ says: "by role ops, as ops-bot" })]),
    },
  });
  expect((await run(rules, { days: 7 })).result.refused.calls).toBe(1);
});

test("does not claim what the record cannot tell", async () => {
  const rules = [{ ...RULES[0], when: { secondFactorWithin: "15m" } }];
  const { result } = await run(rules);
  expect(result.refused.calls).toBe(0);
  expect(result.untold).toEqual([
    { why: "whether a second factor had been shown is not recorded", calls: 4 },
  ]);
  const address = await run([{ ...RULES[0], when: { networks: ["192.0.2.0/24"] } }]);
  expect(address.result).toMatchObject({ refused: { calls: 4 }, untold: [] });
});

test("of a role that nobody has, says so", async () => {
  const { result } = await run(RULES, { roleId: null });
  expect(result).toMatchObject({
    checked: 0,
    notes: expect.arrayContaining([expect.stringMatching(/^Nobody has/)]),
  });
  await expect(run(RULES, { roleId: randomUUID() })).rejects.toMatchObject({ code: "not_found" });
});

test("is an event before anything is read, and for those who may read the record", async () => {
  const before = await lastEventNo(installation);
  await run(RULES);
  expect(await readEvents(installation, before)).toMatchObject([
    { action: "View", operation: "Search", entityType: "RequestAudit", entityName: "dry run of role ops" },
  ]);
  const actor = { ...ada, kind: "user" as const, consoleRole: "user" as const, groups: [], groupIds: [] };
  const lines = dryRunRole({
    ctx: { ...ctx, actor },
    input: { roleId, days: 30, document: document(RULES) },
    signal: new AbortController().signal,
  });
  await expect(lines.next()).rejects.toMatchObject({ code: "permission_denied" });
});

test("is one at a time for each, and gives its place back when it is broken off", async () => {
  const start = (signal: AbortSignal) =>
    dryRunRole({ ctx, input: { roleId, days: 30, document: document(RULES) }, signal });
  const first = new AbortController();
  const running = start(first.signal);
  expect((await running.next()).value).toMatchObject({ kind: "progress" });
  const waiting = start(new AbortController().signal).next();
  await expect(start(new AbortController().signal).next()).rejects.toMatchObject({
    code: "resource_exhausted",
  });
  first.abort(new Error("left"));
  await expect(running.next()).rejects.toThrow("left");
  expect((await waiting).value).toMatchObject({ kind: "progress" });
});
