import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { auditScope } from "../../lib/access/permission.ts";
import type { KubeRequestEntry } from "../../lib/audit/entry/entry.ts";
import { listCommands } from "../../lib/audit/request-audit/commands.ts";
import { getRequest, listRelatedRequests } from "../../lib/audit/request-audit/get.ts";
import { listRequests } from "../../lib/audit/request-audit/read.ts";
import { systemContext } from "../../lib/context.ts";
import { generateEntries } from "../history/generate-entries.ts";
import { createTestInstallation, type TestInstallation } from "../installation.ts";
import { storeEntries } from "./store-entries.ts";

const ctx = systemContext("test");
const scope = auditScope(ctx);
const now = Date.now();
const range = {
  from: new Date(now - 3_600_000).toISOString(),
  to: new Date(now + 60_000).toISOString(),
  timeZone: "UTC",
};
/** What both people's kubectl say is their session. */
const sessionId = randomUUID();
const ada = { kind: "user", id: randomUUID(), name: "Ada", email: "ada@acme.example" } as const;
const mallory = { kind: "user", id: randomUUID(), name: "Mallory", email: "mallory@acme.example" } as const;
const prod = { id: randomUUID(), name: "prod", endpoint: "https://prod.example:6443" };
const test = { ...prod, id: randomUUID(), name: "test" };
let installation: TestInstallation;

let second = 0;
function call(fields: Partial<KubeRequestEntry>): KubeRequestEntry {
  const [any] = [...generateEntries({ count: 1, from: now - 2_000, to: now - 1_000, seed: 3 })];
  return {
    ...any!,
    callId: randomUUID(),
    stage: "complete",
    sessionId,
    result: "success",
    accessMethod: "CLI",
    executedAt: now - 1_800_000 + 1_000 * second++,
    actor: ada,
    cluster: prod,
    command: "kubectl delete",
    verb: "delete",
    apiGroup: "",
    resource: "configmaps",
    resourceName: "a",
    namespace: "shop",
    ...fields,
  };
}

beforeAll(async () => {
  installation = await createTestInstallation();
  await storeEntries(installation.pool, [
    call({ verb: "get", resource: "/version", resourceName: null, namespace: null, apiGroup: null }),
    call({}),
    call({ actor: mallory, resource: "secrets", resourceName: "b", result: "failure" }),
    call({ cluster: test, resourceName: "c" }),
    call({ tokenId: randomUUID(), resourceName: "e" }),
    call({ command: "kubectl get", verb: "list", resource: "pods", resourceName: null }),
    call({ resourceName: "d" }),
  ]);
}, 120_000);
afterAll(() => installation.close());

it("gives nobody another's calls, whatever session they say to be of", async () => {
  const seen: object[] = [];
  let cursor: string | undefined;
  do {
    const page = await listCommands({ ctx, scope, query: { ...range, limit: 1, cursor } });
    seen.push(...page.commands);
    cursor = page.next ?? undefined;
  } while (cursor);
  expect(seen).toMatchObject([
    {
      name: "Ada",
      clusterName: "prod",
      calls: 3,
      failures: 0,
      composed: "kubectl delete configmaps/a, configmaps/d -n shop",
    },
    {
      name: "Ada",
      clusterName: "prod",
      calls: 1,
      command: "kubectl get",
      composed: "kubectl get pods -n shop",
    },
    { name: "Ada", clusterName: "prod", calls: 1, composed: "kubectl delete configmaps/e -n shop" },
    { name: "Ada", clusterName: "test", calls: 1, composed: "kubectl delete configmaps/c -n shop" },
    {
      name: "Mallory",
      clusterName: "prod",
      calls: 1,
      failures: 1,
      composed: "kubectl delete secrets/b -n shop",
    },
  ]);
  for (const command of seen) expect(command).toMatchObject({ sessionId, claimed: true });
});

it("shows beside a call those of its own command", async () => {
  const { entries } = await listRequests({ ctx, scope, query: { ...range, limit: 10 } });
  const one = entries.find(({ resourceName }) => resourceName === "a")!;
  await getRequest({ ctx, scope, no: one.no });
  const { command, composed } = await listRelatedRequests({ ctx, scope, no: one.no });
  expect(composed).toBe("kubectl delete configmaps/a, configmaps/d -n shop");
  expect(command.map(({ resourceName }) => resourceName)).toEqual(["d", "a", null]);
  for (const related of command) expect(related).toMatchObject({ name: "Ada", clusterName: "prod" });
});
