import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Decision, DecisionInput } from "../../access/policy/decision.ts";
import { mentionsOf } from "../../access/policy/mentions.ts";
import { PolicyRule } from "../../access/policy/schema.ts";
import { type ApiServer, startApiServer } from "../testing/api-server.ts";
import { connectRaw } from "../testing/raw-client.ts";
import { decideAs, decideByRole } from "../testing/real-decisions.ts";
import { send } from "../testing/request.ts";
import { ALICE_TOKEN, allow, startTestGateway, type TestGateway } from "../testing/test-gateway.ts";

let api: ApiServer;
let gateway: TestGateway;
/** The bodies that the cluster got. */
let asked: Buffer[];

beforeAll(async () => {
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
});
beforeEach(() => {
  gateway.recorder.clear();
  gateway.decide = decideAs("read-only");
  api.seen.length = 0;
  asked = [];
  api.onRequest = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked.push(Buffer.concat(chunks));
      response.writeHead(201, { "Content-Type": "application/json" });
      response.end('{"kind":"SelfSubjectAccessReview","status":{"allowed":true}}');
    });
  };
});
afterAll(async () => {
  await gateway.close();
  await api.close();
});

const REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const reviewOf = (spec: object) =>
  JSON.stringify({ kind: "SelfSubjectAccessReview", apiVersion: "authorization.k8s.io/v1", spec });
const mayI = (verb: string, resource: string, rest: object = {}) =>
  reviewOf({ resourceAttributes: { namespace: "checkout", verb, resource, ...rest } });

const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  send({
    port: gateway.port,
    path: `prod${REVIEWS}`,
    method: "POST",
    body,
    headers: { "Content-Type": "application/json", ...headers },
  });

/** One length-delimited field of protobuf, shorter than 128 bytes. */
const field = (number: number, value: string | Buffer) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
};
const TYPE_META = Buffer.concat([field(1, "authorization.k8s.io/v1"), field(2, "SelfSubjectAccessReview")]);
const protobufReview = (verb: string, resource: string, typeMeta = TYPE_META) => {
  const attributes = Buffer.concat([field(1, "checkout"), field(2, verb), field(5, resource)]);
  const raw = Buffer.concat([field(1, ""), field(2, field(1, attributes))]);
  return Buffer.concat([Buffer.from("k8s\0"), field(1, typeMeta), field(2, raw)]);
};

describe("what no role allows", () => {
  test("is answered with no, recorded, and not asked of the cluster", async () => {
    const body = mayI("delete", "pods");
    const answer = await post(body);
    expect(answer.status).toBe(201);
    expect(answer.json()).toEqual({
      kind: "SelfSubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1",
      metadata: {},
      spec: { resourceAttributes: { namespace: "checkout", verb: "delete", resource: "pods" } },
      status: {
        allowed: false,
        reason: expect.stringMatching(/cannot delete resource "pods".*role read-only does not allow it/),
      },
    });
    expect(asked).toEqual([]);
    expect(gateway.recorder.entries).toMatchObject([
      {
        stage: "complete",
        result: "success",
        httpStatus: 201,
        verb: "create",
        role: "read-only",
        resource: "selfsubjectaccessreviews",
        kubernetesGroups: [],
        bytesIn: body.length,
        message: expect.stringMatching(
          /^Answered by the gateway: no\. User .* cannot delete resource "pods"/,
        ),
        body: { text: expect.stringContaining("verb: delete"), bytes: body.length },
      },
    ]);
    expect(gateway.recorder.intents).toEqual([]);
  });

  test.each([
    ["a subresource", { resourceAttributes: { verb: "create", resource: "pods", subresource: "exec" } }],
    ["a subresource in one word", { resourceAttributes: { verb: "get", resource: "pods/exec" } }],
    ["every namespace", { resourceAttributes: { verb: "delete", resource: "pods" } }],
    ["a secret", { resourceAttributes: { verb: "get", resource: "secrets", name: "db" } }],
    ["everything", { resourceAttributes: { verb: "*", group: "*", resource: "*" } }],
    ["a path", { nonResourceAttributes: { verb: "get", path: "/metrics" } }],
  ])("of %s", async (_what, spec) => {
    expect((await post(reviewOf(spec))).json()).toMatchObject({ status: { allowed: false } });
    expect(asked).toEqual([]);
  });

  test("is told from protobuf as well", async () => {
    const headers = {
      "Content-Type": "application/vnd.kubernetes.protobuf",
      Accept: "application/vnd.kubernetes.protobuf,application/json",
    };
    const answer = await post(protobufReview("delete", "pods"), headers);
    expect(answer.json()).toMatchObject({
      spec: { resourceAttributes: { namespace: "checkout", verb: "delete", resource: "pods" } },
      status: { allowed: false },
    });
    expect(asked).toEqual([]);
    const allowed = protobufReview("list", "pods");
    await post(allowed, headers);
    expect(asked).toEqual([allowed]);
  });
});

describe("without the kind, which an API server fills in from the path", () => {
  const attributes = { namespace: "checkout", resource: "pods", name: null };
  test.each([{}, { kind: "", apiVersion: "" }, { kind: null, metadata: null }])("%j", async (typeMeta) => {
    const ask = (verb: string) =>
      post(JSON.stringify({ ...typeMeta, spec: { resourceAttributes: { ...attributes, verb } } }));
    expect((await ask("delete")).json()).toMatchObject({
      kind: "SelfSubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1",
      status: { allowed: false },
    });
    expect(asked).toEqual([]);
    expect((await ask("list")).json()).toMatchObject({ status: { allowed: true } });
    expect(asked).toHaveLength(1);
  });

  test("in protobuf", async () => {
    const headers = { "Content-Type": "application/vnd.kubernetes.protobuf" };
    const answer = await post(protobufReview("delete", "pods", Buffer.alloc(0)), headers);
    expect(answer.json()).toMatchObject({ status: { allowed: false } });
    expect(asked).toEqual([]);
  });
});

describe("what the gateway itself refuses", () => {
  const wildcards = { apiGroups: ["*"], verbs: ["*"] };
  const role = (resources: string[]) =>
    decideByRole({
      name: "everything",
      rules: [PolicyRule.parse({ effect: "allow", ...wildcards, resources })],
      kubernetesGroups: ["everything"],
      impersonateUsers: [],
      impersonateGroups: [],
    });
  const CONSOLE = { resource: "virtualmachineinstances", subresource: "console" };
  const KUBEVIRT = { group: "subresources.kubevirt.io", namespace: "shop", ...CONSOLE };
  const told = async (resourceAttributes: object) => {
    const { status } = (await post(reviewOf({ resourceAttributes }))).json() as { status: object };
    return status;
  };

  test.each([
    [
      "a session of another API by a wildcard",
      { ...KUBEVIRT, verb: "get" },
      /must name virtualmachineinstances\/console/,
    ],
    [
      "the same in one word",
      { verb: "create", resource: "virtualmachineinstances/console" },
      /is not watched/,
    ],
    [
      "a verb of the legacy prefix",
      { verb: "proxy", resource: "services", name: "web" },
      /the \/proxy\/ path prefix/,
    ],
  ])("%s is answered with no", async (_what, attributes, reason) => {
    gateway.decide = role(["*"]);
    expect(await told(attributes)).toEqual({ allowed: false, reason: expect.stringMatching(reason) });
    expect(asked).toEqual([]);
  });

  test.each([
    [
      "a session of another API by its name",
      ["virtualmachineinstances/console"],
      { ...KUBEVIRT, verb: "get" },
    ],
    ["exec by a wildcard", ["*"], { verb: "create", resource: "pods", subresource: "exec" }],
    [
      "what is no session",
      ["*"],
      { verb: "patch", group: "apps", resource: "deployments", subresource: "scale" },
    ],
  ])("%s is asked of the cluster", async (_what, resources, attributes) => {
    gateway.decide = role(resources);
    expect(await told(attributes)).toEqual({ allowed: true });
    expect(asked).toHaveLength(1);
  });
});

describe("a star in the question", () => {
  const rule = (rest: Partial<PolicyRule>) =>
    PolicyRule.parse({ effect: "allow", apiGroups: ["*"], resources: ["*"], verbs: ["*"], ...rest });
  const use = (rules: PolicyRule[]) => {
    const identity = { kubernetesGroups: ["x"], impersonateUsers: [], impersonateGroups: [] };
    gateway.decide = decideByRole({ name: "most", rules, ...identity });
    gateway.mentions = mentionsOf(rules);
  };
  const isAsked = async (verb: string, resource: string, group = "*") => {
    await post(mayI(verb, resource, { group }));
    return asked.length > 0;
  };

  test("is answered with no where a rule takes something out of it, and names that", async () => {
    use([
      rule({ exceptResources: ["secrets"] }),
      rule({ effect: "deny", apiGroups: ["apps"], verbs: ["delete"] }),
    ]);
    const answer = (await post(mayI("get", "*", { group: "*" }))).json() as { status: object };
    expect(answer.status).toEqual({
      allowed: false,
      reason: expect.stringMatching(/^not all of it: .* cannot get resource "secrets"/),
    });
    expect(await isAsked("*", "pods", "")).toBe(true);
  });

  test.each([
    ["*", "deployments", "apps", false],
    ["*", "pods", "", true],
    ["delete", "*", "apps", false],
    ["get", "*", "apps", true],
  ])("%s %s in %j is asked of the cluster: %s", async (verb, resource, group, expected) => {
    use([rule({}), rule({ effect: "deny", apiGroups: ["apps"], resources: ["*"], verbs: ["delete"] })]);
    expect(await isAsked(verb, resource, group)).toBe(expected);
  });
});

describe("what a role allows", () => {
  test("is asked of the cluster, to the letter", async () => {
    const body = mayI("list", "pods");
    const answer = await post(body);
    expect(answer.json()).toMatchObject({ status: { allowed: true } });
    expect(asked.map(String)).toEqual([body]);
    expect(gateway.recorder.entries).toMatchObject([
      { httpStatus: 201, role: "read-only", kubernetesGroups: ["kubewitness:read-only"], message: null },
    ]);
    expect(gateway.recorder.entries[0]?.body?.text).toContain("verb: list");
    expect(gateway.recorder.intents).toHaveLength(1);
  });

  test("is asked as the role that would make the call, not the one that may ask", async () => {
    gateway.decide = (input: DecisionInput): Decision => {
      const role = input.attributes.verb === "delete" ? "developer" : "read-only";
      return decideAs(role)(input);
    };
    await post(mayI("delete", "pods"));
    const { rawHeaders } = api.seen[0]!;
    expect(rawHeaders[rawHeaders.indexOf("Impersonate-Group") + 1]).toBe("kubewitness:developer");
    expect(gateway.recorder.entries).toMatchObject([
      { role: "developer", kubernetesGroups: ["kubewitness:developer"] },
    ]);
  });

  test("as somebody else, is decided as that", async () => {
    gateway.decide = allow;
    await post(mayI("list", "pods"), { "Impersonate-User": "bob" });
    expect(gateway.decisions.at(-1)).toMatchObject({
      impersonation: { user: "bob" },
      attributes: { verb: "list", resource: "pods" },
    });
    expect(asked).toHaveLength(1);
  });
});

describe("a question that the gateway cannot read is refused: the cluster's yes would not be both's", () => {
  test.each<[string, string | Buffer, Record<string, string>, number]>([
    ["broken JSON", "{", {}, 415],
    ["another kind", '{"kind":"Pod"}', {}, 415],
    ["gzip", gzipSync(mayI("delete", "pods")), { "Content-Encoding": "gzip" }, 415],
    ["YAML", "kind: SelfSubjectAccessReview\n", { "Content-Type": "application/yaml" }, 415],
    ["a no for a client that reads no JSON", mayI("delete", "pods"), { Accept: "application/yaml" }, 406],
    ["nothing", "", {}, 415],
  ])("%s", async (_what, body, headers, status) => {
    expect((await post(body, headers)).status).toBe(status);
    expect(asked).toEqual([]);
    expect(gateway.recorder.entries).toMatchObject([{ result: "failure", httpStatus: status }]);
  });
});

test("a body that is too large is refused, and the connection goes on", async () => {
  const answer = await post(mayI("delete", "x".repeat(70_000)));
  expect(answer.status).toBe(413);
  expect(answer.json()).toMatchObject({ kind: "Status", reason: "RequestEntityTooLarge" });
  expect(gateway.recorder.entries).toMatchObject([{ result: "failure", httpStatus: 413 }]);
  expect(asked).toEqual([]);
});

test("a client that waits to be told to send its body is told once", async () => {
  for (const verb of ["delete", "list"]) {
    const body = mayI(verb, "pods");
    const connection = await connectRaw(gateway.port);
    connection.write(
      [
        `POST /k8s/clusters/prod${REVIEWS} HTTP/1.1`,
        ...["Host: gateway", `Authorization: Bearer ${ALICE_TOKEN}`, "Content-Type: application/json"],
        ...[`Content-Length: ${body.length}`, "Expect: 100-continue", "Connection: close", "\r\n"],
      ].join("\r\n"),
    );
    await connection.receive(/100 Continue/);
    connection.write(body);
    const answer = await connection.closed();
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 100", "HTTP/1.1 201"]);
  }
});

test("a client that leaves before its body is complete is recorded", async () => {
  const connection = await connectRaw(gateway.port);
  connection.write(
    [
      `POST /k8s/clusters/prod${REVIEWS} HTTP/1.1`,
      ...["Host: gateway", `Authorization: Bearer ${ALICE_TOKEN}`, "Content-Length: 1000", "\r\n{"],
    ].join("\r\n"),
  );
  connection.socket.destroy();
  const [entry] = await gateway.recorder.atLeast(1);
  expect(entry).toMatchObject({ result: "failure", httpStatus: 400 });
  expect(asked).toEqual([]);
});
