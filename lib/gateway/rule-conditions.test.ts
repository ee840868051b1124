import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { compileDecisionTable } from "../access/policy/compile.ts";
import { evaluateDecision } from "../access/policy/evaluate.ts";
import { DEFAULT_RECORDING, PolicyRule } from "../access/policy/schema.ts";
import { type ApiServer, startApiServer } from "./testing/api-server.ts";
import { connectRaw, type RawConnection } from "./testing/raw-client.ts";
import { send } from "./testing/request.ts";
import { ALICE, ALICE_TOKEN, GRANT_ID, startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

// What a rule's conditions mean for calls that are made, and for those that run.

let api: ApiServer;
let gateway: TestGateway;

beforeAll(async () => {
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
  api.onRequest = (_request, response) => void response.write("{}\n");
});
afterAll(async () => {
  await gateway.close();
  await api.close();
});
beforeEach(() => gateway.recorder.clear());

/** Alice has one rule on every cluster. */
function putInForce(rule: object): void {
  const parsed = PolicyRule.parse({
    effect: "allow",
    apiGroups: [""],
    resources: ["pods"],
    verbs: ["*"],
    ...rule,
  });
  const nobody = { kubernetesGroups: [], impersonateUsers: [], impersonateGroups: [] };
  const role = { id: "r", name: "on-call", rules: [parsed], ...nobody, recording: DEFAULT_RECORDING };
  const scope = { clusterId: null, namespaces: [], expiresAt: null };
  const table = compileDecisionTable([
    { grantId: GRANT_ID, subjectKind: "user", subject: ALICE.id, ...scope, role },
  ]);
  gateway.decide = (input) => evaluateDecision(table, input);
  gateway.changePolicy();
}

async function openWatch(): Promise<RawConnection> {
  const watch = await connectRaw(gateway.port);
  const lines = ["Host: gateway", `Authorization: Bearer ${ALICE_TOKEN}`, "\r\n"];
  watch.write(
    [`GET /k8s/clusters/prod/api/v1/namespaces/shop/pods?watch=true HTTP/1.1`, ...lines].join("\r\n"),
  );
  await watch.receive(/\{\}/);
  return watch;
}

const end = () => gateway.recorder.entries.find(({ stage }) => stage === "end");
const showFactorAt = (time: number) => {
  const token = gateway.tokens.get(ALICE_TOKEN)!;
  gateway.tokens.set(ALICE_TOKEN, { ...token, secondFactorAt: new Date(time) });
};

test("a watch ends when a second factor was shown too long ago for it, by nobody's change", async () => {
  putInForce({ when: { secondFactorWithin: "1m" } });
  const last = Date.now() + 5_000;
  showFactorAt(last - 60_000);
  const watch = await openWatch();
  await watch.closed();
  expect(Date.now()).toBeGreaterThanOrEqual(last);
  await gateway.recorder.atLeast(2);
  expect(end()?.message).toBe("Watch ended: access expired");
  const path = "prod/api/v1/namespaces/shop/pods";
  const refused = await send({ port: gateway.port, path, token: ALICE_TOKEN });
  expect(refused.status).toBe(403);
  expect(refused.json()).toMatchObject({
    message: expect.stringContaining(
      "role on-call allows it only within 1m after you showed a second factor",
    ),
  });
});

test("a watch ends when its cluster is not labelled any more as the rule asks", async () => {
  putInForce({ clusterLabels: { env: "test" } });
  const known = gateway.clusters.get("prod")!;
  const label = (env: string) =>
    gateway.clusters.set("prod", { ...known, cluster: { ...known.cluster, labels: { env } } });
  label("test");
  const watch = await openWatch();
  label("prod");
  gateway.changePolicy();
  await watch.closed();
  await gateway.recorder.atLeast(2);
  expect(end()?.message).toBe("Watch ended: access was revoked");
});

test("a watch ends when its rule's expression does not hold any more, which only asking again can tell", async () => {
  const last = Date.now() + 4_000;
  putInForce({ when: { expression: `now < timestamp("${new Date(last).toISOString()}")` } });
  const watch = await openWatch();
  await watch.closed();
  expect(Date.now()).toBeGreaterThanOrEqual(last);
});
