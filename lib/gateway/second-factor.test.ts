import { afterEach, beforeEach, expect, test } from "vitest";
import { compileDecisionTable } from "../access/policy/compile.ts";
import { evaluateDecision } from "../access/policy/evaluate.ts";
import { DEFAULT_RECORDING } from "../access/policy/schema.ts";
import { BUILT_IN_ROLES } from "../access/roles/built-in.ts";
import { type ApiServer, startApiServer } from "./testing/api-server.ts";
import { connectRaw, type RawConnection } from "./testing/raw-client.ts";
import { ALICE, ALICE_TOKEN, GRANT_ID, startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

// A role that demands a second factor within ten minutes, and tokens that were made in sessions with and without one.

const MINUTE_MS = 60_000;
let api: ApiServer;
let gateway: TestGateway;

beforeEach(async () => {
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
  api.onRequest = (_request, response) => void response.write("{}\n");
  const developer = BUILT_IN_ROLES.find(({ name }) => name === "developer")!;
  const rules = developer.rules.map((rule) => ({ ...rule, when: { secondFactorWithin: "10m" } }));
  const role = { ...developer, rules, id: "role", recording: DEFAULT_RECORDING };
  const scope = { clusterId: null, namespaces: [], expiresAt: null };
  const table = compileDecisionTable([
    { grantId: GRANT_ID, subjectKind: "user", subject: ALICE.id, ...scope, role },
  ]);
  gateway.decide = (input) => evaluateDecision(table, input);
});
afterEach(async () => {
  await gateway.close();
  await api.close();
});

/** Whose token's session had a second factor shown so long ago; null: never. */
function showFactor(agoMs: number | null): void {
  const token = gateway.tokens.get(ALICE_TOKEN)!;
  const secondFactorAt = agoMs === null ? null : new Date(Date.now() - agoMs);
  gateway.tokens.set(ALICE_TOKEN, { ...token, secondFactorAt });
}

async function openWatch(): Promise<RawConnection> {
  const watch = await connectRaw(gateway.port);
  const path = "/k8s/clusters/prod/api/v1/namespaces/shop/pods?watch=true";
  watch.write(
    [`GET ${path} HTTP/1.1`, "Host: gateway", `Authorization: Bearer ${ALICE_TOKEN}`, "\r\n"].join("\r\n"),
  );
  return watch;
}

test.each([null, 11 * MINUTE_MS])(
  "a role that demands a second factor allows nothing where it was shown %s ms ago",
  async (ago) => {
    showFactor(ago);
    const watch = await openWatch();
    expect(await watch.receive(/^HTTP\/1\.1 403 [\s\S]*second factor/)).toContain("10m");
  },
);

test("it allows what it says for who showed one a moment ago, and no longer than it demands", async () => {
  showFactor(10 * MINUTE_MS - 5_000);
  const watch = await openWatch();
  await watch.receive(/^HTTP\/1\.1 200 [\s\S]*\{\}/);
  await watch.closed();
  const [end] = gateway.recorder.entries.filter(({ stage }) => stage === "end");
  expect(end).toMatchObject({ message: "Watch ended: access expired" });
});
