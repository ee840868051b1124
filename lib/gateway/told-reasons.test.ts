import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { kubectlBinaries } from "../../scripts/kubectl-binaries.ts";
import { type ApiServer, startApiServer } from "./testing/api-server.ts";
import { type Kubectl, kubectlFor } from "./testing/kubectl.ts";
import { send } from "./testing/request.ts";
import { allow, deny, startTestGateway, type TestGateway } from "./testing/test-gateway.ts";
import { testUpstream } from "./testing/test-upstream.ts";

// What each kubectl prints of a reason that the gateway gives. The first thing that kubectl asks for is discovery, of whose failures
// client-go shows text alone.

const binaries = (await kubectlBinaries()).map(({ version, path }) => [version, path] as const);

let api: ApiServer;
let gateway: TestGateway;

beforeAll(async () => {
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
});
beforeEach(() => {
  gateway.recorder.clear();
  gateway.recorder.full = null;
  gateway.decide = allow;
  gateway.clusters.clear();
  gateway.addCluster("prod", api.upstream);
});
afterAll(async () => {
  await gateway.close();
  await api.close();
});

/** With a cache of its own: what it knows already it does not ask. */
async function printed(binary: string, ...args: string[]): Promise<string> {
  const kubectl: Kubectl = await kubectlFor(gateway.port);
  const { err, code } = await kubectl.run(binary, args);
  await kubectl.close();
  expect(code).not.toBe(0);
  return err;
}

describe.each(binaries)("kubectl %s", (_version, binary) => {
  test("prints why there is no cluster", async () => {
    const gone = await startApiServer();
    await gone.close();
    gateway.clusters.clear();
    gateway.addCluster("prod", testUpstream({ url: gone.upstream.endpoint.href, ca: null, token: "t" }));
    expect(await printed(binary, "get", "pods")).toMatch(
      /^Error from server.*its API server refuses connections/m,
    );
  });

  test("prints that the authority is a wrong one", async () => {
    gateway.clusters.clear();
    gateway.addCluster("prod", testUpstream({ url: api.upstream.endpoint.href, ca: null, token: "t" }));
    expect(await printed(binary, "get", "pods")).toMatch(
      /^Error from server.*not signed by the registered authority/m,
    );
  });

  test("prints that the gateway's credential is dead", async () => {
    api.onRequest = (_request, response) => response.writeHead(401).end("{}");
    expect(await printed(binary, "get", "pods")).toMatch(/^Error from server.*gateway's own credential/m);
  });

  test("prints why it is denied", async () => {
    gateway.decide = deny("alice may not even ask");
    const told = await printed(binary, "get", "pods", "-v=8");
    expect(told).toContain("alice may not even ask");
    const last = gateway.recorder.entries.at(-1);
    expect(told.toLowerCase()).toContain(`audit-id: ${last?.callId}`);
  });

  test("prints that --as-uid is not taken, whatever is asked for", async () => {
    for (const what of [
      ["get", "pods"],
      ["auth", "whoami"],
    ]) {
      const text = await printed(binary, ...what, "--as", "bob", "--as-uid", "7");
      // Until 1.26 there is no whoami, until 1.22 no such flag.
      if (!/unknown (command|flag)/.test(text))
        expect(text).toContain("--as-uid (the header Impersonate-Uid) is not taken");
    }
  });
});

describe("an identity that the cluster does not let the gateway take on", () => {
  const refused = (kind: string, name: string) =>
    `${kind} "${name}" is forbidden: User "system:serviceaccount:kubewitness:gateway" cannot impersonate resource "${kind}" in API group "" at the cluster scope`;
  const path = "prod/api/v1/namespaces/a/pods";
  const answerWith = (message: string) => {
    api.onRequest = (_request, response) =>
      response.writeHead(403, { "Content-Type": "application/json" }).end(
        JSON.stringify({
          kind: "Status",
          apiVersion: "v1",
          status: "Failure",
          message,
          reason: "Forbidden",
          code: 403,
        }),
      );
  };

  test.each([
    [
      "groups",
      "ops",
      { "Impersonate-User": "bob", "Impersonate-Group": "ops" },
      "asked for with --as or --as-group",
    ],
    ["groups", "developers", {}, 'The role "developer" acts in it'],
    ["users", "bob", { "Impersonate-User": "bob" }, "asked for with --as or --as-group"],
    ["users", "alice@example.com", {}, "It is who calls"],
  ])("%s %s", async (kind, name, headers, why) => {
    const message = refused(kind, name);
    answerWith(message);
    const answer = await send({ port: gateway.port, path, headers: headers as Record<string, string> });
    expect(answer.json()).toMatchObject({ code: 403, reason: "Forbidden" });
    expect(answer.json().message).toContain(
      `does not let the gateway act as the ${kind.slice(0, -1)} "${name}"`,
    );
    expect(answer.json().message).toContain(why);
    expect(answer.json().message).toContain(`The cluster said: ${message}`);
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 403, message: answer.json().message }]);
  });

  test("any other 403 passes to the letter", async () => {
    answerWith('pods is forbidden: User "alice@example.com" cannot list resource "pods" in API group ""');
    const answer = await send({ port: gateway.port, path });
    expect(answer.json().message).toMatch(/^pods is forbidden/);
    expect(answer.headers).not.toHaveProperty("audit-id");
  });
});

describe("the Audit-ID of what the gateway answers itself", () => {
  test("is in the header and in the details of the Status, and is the row's id", async () => {
    gateway.decide = deny("no");
    const answer = await send({ port: gateway.port, path: "prod/api/v1/pods" });
    const id = gateway.recorder.entries[0]?.callId;
    expect(answer.headers["audit-id"]).toBe(id);
    expect(JSON.parse(answer.body.toString()).details).toEqual({
      causes: [{ reason: "AuditID", message: id }],
    });
  });

  test("comes with when to try again, where that is said", async () => {
    gateway.recorder.full = "the audit journal is full";
    const answer = await send({ port: gateway.port, path: "prod/api/v1/pods" });
    expect(JSON.parse(answer.body.toString()).details).toMatchObject({ retryAfterSeconds: 1 });
  });

  test("is in the header of what is told as text", async () => {
    gateway.decide = deny("no");
    const answer = await send({ port: gateway.port, path: "prod/version" });
    expect([answer.headers["content-type"], answer.body.toString()]).toEqual([
      "text/plain; charset=utf-8",
      "no\n",
    ]);
    expect(answer.headers["audit-id"]).toBe(gateway.recorder.entries[0]?.callId);
  });
});
