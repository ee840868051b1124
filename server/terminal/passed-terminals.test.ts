import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditScope } from "../../lib/access/permission.ts";
import { listRequests } from "../../lib/audit/request-audit/read.ts";
import { systemContext } from "../../lib/context.ts";
import { until } from "../../lib/gateway/testing/memory-recorder.ts";
import { type SignedIn, startTerminalLab, type TerminalLab } from "./testing/terminal-lab.ts";

// The same where gateway processes serve the calls: they go there with their whole head.

const range = { from: "now-1h", to: "now+1h", timeZone: "UTC" };
let lab: TerminalLab;
let alice: SignedIn;

beforeAll(async () => {
  lab = await startTerminalLab({ passing: true });
  alice = await lab.signIn();
}, 120_000);
afterAll(() => lab.close());

const calls = async () =>
  (
    await listRequests({
      ctx: systemContext("test"),
      scope: auditScope(alice.ctx),
      query: { ...range, limit: 9 },
    })
  ).entries;

test("a call of a terminal is a fact of its command, and a client that says the same is refused", async () => {
  const { client, terminal } = await lab.start(alice);
  client.type("get /api/v1/namespaces/shop/pods");
  await until(() => client.text.includes("exit 0"), "the end of the command");
  await expect.poll(async () => (await calls()).length).toBe(1);
  const [fact] = await calls();
  expect(fact).toMatchObject({
    accessMethod: "Browser",
    command: "get /api/v1/namespaces/shop/pods",
    sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    clientIp: alice.address,
    result: "success",
  });

  // A passed head of the client's own, with what the relay would say in it.
  const shellCall = {
    terminalId: terminal.terminalId,
    command: { id: fact!.sessionId, line: "kubectl get pods" },
  };
  const head = Buffer.from(JSON.stringify({ shellCall })).toString("base64url");
  const headers = {
    Authorization: `Bearer ${lab.tokenOf(terminal.terminalId)}`,
    "kubewitness-passed-head": head,
  };
  const status = await new Promise((resolve, reject) => {
    const sent = request(`${lab.origin}/k8s/clusters/prod/api/v1/pods`, { headers }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode));
    });
    sent.on("error", reject).end();
  });
  expect(status).toBe(401);
  await expect.poll(async () => (await calls()).length).toBe(2);
  expect((await calls())[0]).toMatchObject({
    accessMethod: "CLI",
    command: null,
    sessionId: null,
    result: "failure",
  });
});
