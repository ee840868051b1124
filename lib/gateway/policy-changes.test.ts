import type { Duplex } from "node:stream";
import { v5 } from "uuid";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compileDecisionTable, type GrantRow } from "../access/policy/compile.ts";
import { evaluateDecision } from "../access/policy/evaluate.ts";
import { DEFAULT_RECORDING, PolicyRule } from "../access/policy/schema.ts";
import { BUILT_IN_ROLES } from "../access/roles/built-in.ts";
import { type ApiServer, startApiServer } from "./testing/api-server.ts";
import { until } from "./testing/memory-recorder.ts";
import { connectRaw, type RawConnection } from "./testing/raw-client.ts";
import { ALICE, ALICE_TOKEN, startTestGateway, type TestGateway } from "./testing/test-gateway.ts";
import { webSocketHead } from "./testing/upgrade-heads.ts";
import { acceptWebSocket } from "./testing/upstream-session.ts";

// Watches and sessions on real sockets, by the house's own decisions on a table of the test's.

let api: ApiServer;
let gateway: TestGateway;
let grants: GrantRow[];

beforeEach(async () => {
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
  grants = [grantOf("developer")];
  putInForce();
  api.onRequest = (_request, response) => void response.write("{}\n");
  api.onUpgrade = (request, socket: Duplex) => {
    socket.on("error", () => socket.destroy());
    socket.resume();
    acceptWebSocket(request, socket);
  };
});
afterEach(async () => {
  await gateway.close();
  await api.close();
});

/** Always the same for a name. */
const idOf = (name: string) => v5(name, v5.URL);

function grantOf(name: string, more: Partial<GrantRow> = {}): GrantRow {
  const role = {
    ...BUILT_IN_ROLES.find((each) => each.name === name)!,
    id: `role-${name}`,
    recording: DEFAULT_RECORDING,
  };
  const scope = { clusterId: null, namespaces: [], expiresAt: null };
  return { grantId: idOf(`grant-${name}`), subjectKind: "user", subject: ALICE.id, ...scope, role, ...more };
}

/** Puts `grants` in force, and tells the gateway. */
function putInForce(): void {
  const table = compileDecisionTable(grants);
  gateway.decide = (input) => evaluateDecision(table, input);
  gateway.changePolicy();
}

async function openWatch(namespace = "shop"): Promise<RawConnection> {
  const watch = await connectRaw(gateway.port);
  const path = `/k8s/clusters/prod/api/v1/namespaces/${namespace}/pods?watch=true`;
  const lines = ["Host: gateway", `Authorization: Bearer ${ALICE_TOKEN}`, "\r\n"];
  watch.write([`GET ${path} HTTP/1.1`, ...lines].join("\r\n"));
  await watch.receive(/\{\}/);
  return watch;
}

async function openSession(): Promise<RawConnection> {
  const session = await connectRaw(gateway.port);
  session.write(webSocketHead());
  await session.receive(/^HTTP\/1\.1 101 /);
  return session;
}

async function sweeps(): Promise<number> {
  const metric = await gateway.registry.getSingleMetric("kubewitness_gateway_live_call_sweeps_total")!.get();
  return metric.values.find(({ labels }) => labels.of === "policy")?.value ?? 0;
}

const ends = () =>
  gateway.recorder.entries
    .filter(({ stage }) => stage === "end")
    .map(({ message }) => message)
    .toSorted();

describe("a watch and a session end", () => {
  const REVOKED = "access was revoked";
  const CHANGED = "the role that allowed it changed, and with it the identity in the cluster; begin again";
  const changes: [string, () => void, string?][] = [
    [
      "when the grant is revoked",
      () => {
        grants = [];
      },
    ],
    [
      "when another role is left that allows them too, as others in the cluster",
      () => {
        grants = [grantOf("cluster-admin")];
      },
    ],
    [
      "when the same role is left by another grant",
      () => {
        grants = [grantOf("developer", { grantId: idOf("another") })];
      },
    ],
    [
      "when the role's groups change, so that they would run as others",
      () => {
        const [grant] = grants;
        grants = [{ ...grant!, role: { ...grant!.role, kubernetesGroups: ["others"] } }];
      },
      CHANGED,
    ],
    [
      "when a rule denies them",
      () => {
        const rule = PolicyRule.parse({ effect: "deny", apiGroups: [""], resources: ["*"], verbs: ["*"] });
        const { role } = grantOf("read-only");
        grants.push(grantOf("read-only", { role: { ...role, rules: [rule] } }));
      },
    ],
  ];

  test.each(changes)("%s", async (_what, change, why = REVOKED) => {
    const [watch, session] = await Promise.all([openWatch(), openSession()]);
    change();
    putInForce();
    await Promise.all([watch.closed(), session.closed()]);
    await gateway.recorder.atLeast(4);
    expect(ends()).toEqual([`Session ended: ${why}`, `Watch ended: ${why}`]);
  });

  test("when the grant's time is over, by nobody's change", async () => {
    grants = [grantOf("developer", { expiresAt: new Date(Date.now() + 5_000) })];
    putInForce();
    const [watch, session] = await Promise.all([openWatch(), openSession()]);
    await Promise.all([watch.closed(), session.closed()]);
    await gateway.recorder.atLeast(4);
    expect(ends()).toEqual(["Session ended: access expired", "Watch ended: access expired"]);
    expect(Date.now()).toBeGreaterThanOrEqual(grants[0]!.expiresAt!.getTime());
  });
});

test("a hundred changes are a few sweeps, and only whom they concern is ended", async () => {
  grants = ["one", "two", "three"].map((name) =>
    grantOf("developer", { grantId: idOf(name), namespaces: [name] }),
  );
  putInForce();
  const [one, two, three] = await Promise.all(["one", "two", "three"].map(openWatch));
  const before = await sweeps();
  const asked = gateway.decisions.length;
  grants = grants.filter(({ grantId }) => grantId !== idOf("two"));
  for (let i = 0; i < 100; i++) {
    grants.push(grantOf("read-only", { grantId: idOf(`more-${i}`), namespaces: [`n${i}`] }));
    putInForce();
    if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await two!.closed();
  const swept = (await sweeps()) - before;
  expect(swept).toBeLessThanOrEqual(5);
  expect(gateway.decisions.length - asked).toBeLessThanOrEqual(3 * swept);
  expect([one!.socket.destroyed, three!.socket.destroyed]).toEqual([false, false]);
  expect(ends()).toEqual(["Watch ended: access was revoked"]);
});

test("changes that never pause hold no end back", async () => {
  const watch = await openWatch();
  grants = [];
  const changes = setInterval(putInForce, 20);
  await watch.closed().finally(() => clearInterval(changes));
});

test("a grant that comes, and would be named first, ends nothing", async () => {
  const watch = await openWatch();
  const before = await sweeps();
  grants.push(grantOf("read-only", { namespaces: ["shop"] }));
  putInForce();
  await expect.poll(sweeps).toBeGreaterThan(before);
  expect(watch.socket.destroyed).toBe(false);
  expect(ends()).toEqual([]);
});

test("a session that was decided before a change, and begins after its sweep, is ended", async () => {
  let authorize = (_credential: string) => {};
  const credential = new Promise<string>((resolve) => {
    authorize = resolve;
  });
  gateway.addCluster("prod", { ...api.upstream, authorization: () => credential });
  const session = await connectRaw(gateway.port);
  session.write(webSocketHead());
  await until(() => gateway.decisions.length === 1, "the decision");
  const before = await sweeps();
  grants = [];
  putInForce();
  await expect.poll(sweeps).toBeGreaterThan(before);
  authorize("Bearer gateway-credential");
  await session.closed();
  expect((await gateway.recorder.atLeast(1)).at(-1)?.message).toMatch(/access was revoked/);
});
