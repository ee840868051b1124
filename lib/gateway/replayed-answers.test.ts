import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { kubectlBinaries, minorOf } from "../../scripts/kubectl-binaries.ts";
import { readCapture } from "../wire/fixtures/read-capture.ts";
import { type Kubectl, kubectlFor } from "./testing/kubectl.ts";
import { exchange } from "./testing/raw-client.ts";
import { type ReplayServer, startReplayServer } from "./testing/replay-server.ts";
import { ALICE_TOKEN, startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

// What a real kube-apiserver (1.33, where a name says so 1.36) refused, byte for byte, behind the gateway: what the user reads and what
// the record says. The captures hold denials of RBAC, objects that are not there and a kubelet's failure. They hold no 409, 410, 422, 429
// and no timeout: what the gateway makes of those is tested with answers that the sandbox or a test makes.

// Those that know the captured discovery, apidiscovery.k8s.io/v2 in one document, and try WebSocket before SPDY.
const binaries = (await kubectlBinaries()).filter(({ version }) => minorOf(version) >= 30);

let cluster: ReplayServer;
let gateway: TestGateway;
let kubectl: Kubectl;
beforeAll(async () => {
  cluster = await startReplayServer([
    "discovery-aggregated-kubectl1.32",
    "delete-configmap-kubectl1.32",
    "exec-denied-1-websocket-403-kubectl1.32",
    "exec-denied-2-spdy-fallback-403-kubectl1.32",
    "exec-server1.36-get-only-403",
    "attach-spdy-v4-tty-kubectl1.20",
  ]);
  gateway = await startTestGateway();
  gateway.addCluster("prod", cluster.upstream);
  kubectl = await kubectlFor(gateway.port);
});
beforeEach(() => gateway.recorder.clear());
afterAll(async () => {
  await kubectl.close();
  await gateway.close();
  await cluster.close();
});

const recorded = (resource: string) =>
  gateway.recorder.entries.filter((entry) => entry.resource === resource);

describe.each(binaries)("kubectl $version", ({ path }) => {
  const POD = "web-649f8d6548-jngmc";

  test("reads why the cluster's RBAC denies an exec, by WebSocket and then by SPDY", async () => {
    const denied = (verb: string) =>
      `pods "${POD}" is forbidden: User "unone" cannot ${verb} resource "pods/exec" in API group "" in the namespace "default"`;
    const { code, out, err } = await kubectl.run(path, [
      "-n",
      "default",
      "exec",
      POD,
      "-c",
      "web",
      "--",
      "ls",
    ]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    const beginning = /^(Error from server \(Forbidden\)|error: unable to upgrade connection): /;
    expect(err).toMatch(beginning);
    expect(err.replace(beginning, "")).toBe(`${denied("create")}\n`);
    // The gateway knows both ways as the one verb that may open a session.
    const refused = {
      verb: "create",
      httpStatus: 403,
      result: "failure",
      resourceName: POD,
      namespace: "default",
    };
    expect(recorded("pods/exec").filter(({ stage }) => stage !== "start")).toMatchObject(
      ["get", "create"].map((verb) => ({ ...refused, message: denied(verb) })),
    );
  });

  test("reads that an object is not there any more", async () => {
    const gone = 'configmaps "zz" not found';
    const deleted = await kubectl.run(path, ["-n", "default", "delete", "configmap", "zz"]);
    expect(deleted).toMatchObject({ code: 0, err: "" });
    expect(deleted.out).toMatch(/^configmap "zz" deleted/);
    expect(recorded("configmaps")).toMatchObject([
      { verb: "delete", httpStatus: 200, result: "success", resourceName: "zz" },
      { verb: "get", httpStatus: 404, result: "failure", resourceName: "zz", message: gone },
    ]);
    const read = await kubectl.run(path, ["-n", "default", "get", "configmap", "zz", "-o", "name"]);
    expect(read).toMatchObject({ code: 1, err: `Error from server (NotFound): ${gone}\n` });
  });
});

/** As the client of the capture asked, with a token of alice's. */
async function askAgain(capture: string): Promise<string> {
  const { requestHead } = readCapture(capture);
  const head = requestHead
    .replace(/ (\/\S+)/, " /k8s/clusters/prod$1")
    .replace(/Authorization: .*/, `Authorization: Bearer ${ALICE_TOKEN}`)
    .replace(/Impersonate-User: .*\r\n/, "");
  return exchange(gateway.port, head);
}

const bodyOf = (answer: string) => answer.slice(answer.indexOf("\r\n\r\n") + 4);

test("a denial without a reason (1.36: exec needs the verb create, too) is passed on and recorded as it is", async () => {
  const capture = "exec-server1.36-get-only-403";
  const answer = await askAgain(capture);
  expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
  expect(bodyOf(answer)).toBe(readCapture(capture).server.toString());
  expect(recorded("pods/exec").at(-1)).toMatchObject({
    httpStatus: 403,
    result: "failure",
    message: 'pods "web-694944947b-cdh2p" is forbidden: ',
  });
});

test("a kubelet's failure, which is text and no Status, is passed on, and its words are on the record", async () => {
  const answer = await askAgain("attach-spdy-v4-tty-kubectl1.20");
  expect(answer).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r\n/);
  expect(bodyOf(answer)).toBe("container sh not found in pod attachme_default");
  expect(recorded("pods/attach").at(-1)).toMatchObject({
    httpStatus: 500,
    result: "failure",
    message: "container sh not found in pod attachme_default",
  });
});
