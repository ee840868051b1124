import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { storeEntries } from "../../../test/audit/store-entries.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { createTestInstallation, type TestInstallation } from "../../../test/installation.ts";
import { auditScope } from "../../access/permission.ts";
import { type Context, systemContext } from "../../context.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import { type NewCommandFact, recordCommandEnd, recordCommandStart } from "./command-facts.ts";
import { listCommands } from "./commands.ts";
import { getRequest, listRelatedRequests } from "./get.ts";
import { listRequests } from "./read.ts";

const ctx = systemContext("test");
const now = Date.now();
const range = {
  from: new Date(now - 3_600_000).toISOString(),
  to: new Date(now + 60_000).toISOString(),
  timeZone: "UTC",
};
const ada = { kind: "user", id: randomUUID(), name: "Ada", email: "ada@acme.example" } as const;
const mallory = { kind: "user", id: randomUUID(), name: "Mallory", email: "mallory@acme.example" } as const;
const prod = { id: randomUUID(), name: "prod", endpoint: "https://prod.example:6443" };
const terminalToken = randomUUID();
const LINE = "kubectl delete configmap a && kubectl get pods | grep web";
const withCalls = randomUUID();
const withoutCalls = randomUUID();
let installation: TestInstallation;

function call(fields: Partial<KubeRequestEntry>): KubeRequestEntry {
  const [any] = [...generateEntries({ count: 1, from: now - 2_000, to: now - 1_000, seed: 3 })];
  return {
    ...any!,
    callId: randomUUID(),
    stage: "complete",
    sessionId: withCalls,
    result: "success",
    accessMethod: "Browser",
    executedAt: now - 1_799_000,
    actor: ada,
    cluster: prod,
    command: LINE,
    tokenId: terminalToken,
    verb: "delete",
    apiGroup: "",
    resource: "configmaps",
    resourceName: "a",
    namespace: "shop",
    clientIp: "192.0.2.7",
    ...fields,
  };
}

const fact = (fields: Partial<NewCommandFact>): NewCommandFact => ({
  commandId: withCalls,
  startedAt: new Date(now - 1_800_000),
  line: LINE,
  actor: ada,
  cluster: prod,
  clientIp: "192.0.2.7",
  tokenId: terminalToken,
  recordingId: randomUUID(),
  ...fields,
});

const scope = auditScope(ctx);
const asked = (query: object = {}) => ({ ctx, scope, query: { ...range, limit: 50, ...query } });
const ofPerson = (actor: typeof ada | typeof mallory): Context => ({
  ...ctx,
  actor: { ...actor, consoleRole: "user", groups: [], groupIds: [] },
});

beforeAll(async () => {
  installation = await createTestInstallation();
  const { pool } = installation;
  const first = fact({});
  await recordCommandStart(pool, first);
  await storeEntries(pool, [
    call({}),
    call({ executedAt: now - 1_798_000, verb: "list", resource: "pods", resourceName: null }),
    // The same words and the same session, from a kubectl of hers and from Mallory's.
    call({ executedAt: now - 1_700_000, accessMethod: "CLI", tokenId: randomUUID(), resourceName: "own" }),
    call({ executedAt: now - 1_600_000, accessMethod: "CLI", actor: mallory, resourceName: "forged" }),
  ]);
  await recordCommandEnd(pool, { ...first, exitCode: 0, durationMs: 4_321 });
  const second = fact({ commandId: withoutCalls, line: "help", startedAt: new Date(now - 1_500_000) });
  await recordCommandStart(pool, second);
  await recordCommandEnd(pool, { ...second, exitCode: 3, durationMs: 5 });
  await recordCommandStart(
    pool,
    fact({ commandId: randomUUID(), line: "kubectl logs -f web", startedAt: new Date(now - 1_000) }),
  );
}, 120_000);
afterAll(() => installation.close());

it("lists the web shell's lines as facts, with their ends, those that made no call too; what another says of the same session is a claim of its own", async () => {
  const { commands } = await listCommands(asked());
  expect(commands).toMatchObject([
    { command: "kubectl logs -f web", claimed: false, calls: 0, exitCode: null, lastNo: null },
    {
      command: "help",
      claimed: false,
      calls: 0,
      exitCode: 3,
      durationMs: 5,
      name: "Ada",
      clusterName: "prod",
    },
    { command: LINE, claimed: true, calls: 1, exitCode: null, name: "Mallory", recordingId: null },
    { command: LINE, claimed: true, calls: 1, exitCode: null, name: "Ada", recordingId: null },
    { command: LINE, claimed: false, calls: 2, exitCode: 0, durationMs: 4_321, name: "Ada", composed: null },
  ]);
});

it("turns pages through both kinds without losing or repeating one", async () => {
  const whole = (await listCommands(asked())).commands;
  const seen: object[] = [];
  let cursor: string | undefined;
  do {
    const page = await listCommands(asked({ limit: 1, cursor }));
    seen.push(...page.commands);
    cursor = page.next ?? undefined;
  } while (cursor);
  expect(seen).toEqual(whole);
});

it.each([
  ['command : "logs -f"', ["kubectl logs -f web"]],
  ['sessionId = "%"', ["help"]],
  ["result = failure", ["help"]],
  ["exitCode = 3", ["help"]],
  ["verb = list", [LINE]],
  ['accessMethod = Browser AND NOT command : "kubectl"', ["help"]],
])("finds lines by the filter %s", async (filter, lines) => {
  const { commands } = await listCommands(asked({ filter: filter.replace("%", withoutCalls) }));
  expect(commands.map(({ command }) => command)).toEqual(lines);
});

it("finds them in a window of many days", async () => {
  const { commands } = await listCommands(asked({ from: "2020-01-01", to: "9999-12-31" }));
  expect(commands).toHaveLength(5);
});

it("shows each person their own alone", async () => {
  const own = async (actor: typeof ada | typeof mallory) => {
    const person = ofPerson(actor);
    const page = await listCommands({ ...asked(), ctx: person, scope: auditScope(person) });
    return page.commands.map(({ name, claimed }) => `${name} ${claimed}`);
  };
  expect(await own(ada)).toEqual(["Ada false", "Ada false", "Ada true", "Ada false"]);
  expect(await own(mallory)).toEqual(["Mallory true"]);
});

it("joins no call of another person, token or kubectl to a line of the web shell in the drawer", async () => {
  const { entries } = await listRequests(asked({ limit: 10 }));
  for (const [resourceName, joined] of [
    ["a", [null, "a"]],
    ["own", ["own"]],
    ["forged", ["forged"]],
  ] as const) {
    const { no } = entries.find((entry) => entry.resourceName === resourceName)!;
    await getRequest({ ctx, scope, no });
    const { command, line } = await listRelatedRequests({ ctx, scope, no });
    expect(line?.exitCode).toBe(resourceName === "a" ? 0 : undefined);
    expect(command.map((entry) => entry.resourceName)).toEqual(joined);
  }
});

it("writes an end once", async () => {
  const first = fact({});
  await recordCommandEnd(installation.pool, { ...first, exitCode: 99, durationMs: 1 });
  const { commands } = await listCommands(asked({ filter: "verb = list" }));
  expect(commands).toMatchObject([{ exitCode: 0, durationMs: 4_321 }]);
});
