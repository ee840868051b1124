import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "./testing/api-server.ts";
import { send } from "./testing/request.ts";
import {
  ALICE,
  ALICE_TOKEN,
  allow,
  deny,
  startTestGateway,
  type TestGateway,
} from "./testing/test-gateway.ts";
import { testUpstream } from "./testing/test-upstream.ts";

let api: ApiServer;
let gateway: TestGateway;
const answerList = (api: ApiServer) => api.onRequest;
let list: ApiServer["onRequest"];

beforeAll(async () => {
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
  list = answerList(api);
});
beforeEach(() => {
  gateway.recorder.clear();
  gateway.recorder.failing = false;
  gateway.recorder.full = null;
  gateway.decide = allow;
  api.seen.length = 0;
  api.onRequest = list;
});
afterAll(async () => {
  await gateway.close();
  await api.close();
});

const call = (path: string, options: Partial<Parameters<typeof send>[0]> = {}) =>
  send({ port: gateway.port, path: `prod${path}`, ...options });

describe("an allowed call", () => {
  test("reaches the cluster with the gateway's identity headers and is recorded", async () => {
    const answer = await call("/api/v1/namespaces/shop/pods/web-1?x=1", {
      headers: {
        "User-Agent": "kubectl/v1.32.4 (linux/amd64) kubernetes/59526cd",
        "Kubectl-Command": "kubectl get",
        "Kubectl-Session": "5ec492ba-5bcd-4f5f-a75c-b6bf5e688737",
        "X-Custom": "stays",
      },
    });
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toBe('{"kind":"PodList","items":[]}');
    const [seen] = api.seen;
    expect(seen).toMatchObject({ method: "GET", url: "/api/v1/namespaces/shop/pods/web-1?x=1" });
    expect(seen?.headers).toMatchObject({
      authorization: "Bearer gateway-credential",
      "impersonate-user": ALICE.email,
      "x-custom": "stays",
      "impersonate-group": "developers, team-a",
      "x-forwarded-for": "127.0.0.1",
    });
    expect(JSON.stringify(seen)).not.toContain(ALICE_TOKEN);
    const [entry] = gateway.recorder.entries;
    expect(gateway.recorder.entries).toHaveLength(1);
    expect(entry).toMatchObject({
      stage: "complete",
      result: "success",
      clientIp: "127.0.0.1",
      role: "developer",
      namespace: "shop",
      verb: "get",
      apiGroup: "",
      resource: "pods",
      resourceName: "web-1",
      message: null,
      httpStatus: 200,
      kubernetesGroups: ["developers", "team-a"],
      impersonatedUser: null,
      clientName: "kubectl/v1.32.4",
      command: "kubectl get",
      sessionId: "5ec492ba-5bcd-4f5f-a75c-b6bf5e688737",
      bytesIn: 0,
      bytesOut: 29,
      actor: { kind: "user", id: ALICE.id, name: "Alice Example", email: ALICE.email },
      cluster: { name: "prod", endpoint: api.upstream.endpoint.origin },
    });
    expect(seen?.headers["audit-id"]).toBe(entry?.callId);
    const { callId, actor, cluster, command } = entry!;
    const intended = { stage: "start", httpStatus: null, durationMs: null, bytesOut: null };
    expect(gateway.recorder.intents).toMatchObject([{ callId, actor, cluster, command, ...intended }]);
  });

  test("whose client says secrets of its own has them taken out", async () => {
    const command = "kubectl login --token hunter22 -u bob:hunter22 --from-literal=pin=hunter22";
    await call("/api/v1/pods", {
      headers: { "Kubectl-Command": command, "User-Agent": "x/1 token=hunter22" },
    });
    const [entry] = gateway.recorder.entries;
    expect(entry?.command).toMatch(/^kubectl login --token \[redacted/);
    expect(JSON.stringify(entry)).not.toContain("hunter22");
  });

  test("that changes something has an intent before it is forwarded, and its body redacted", async () => {
    let intentsWhenAsked = -1;
    const received: Buffer[] = [];
    api.onRequest = (request, response) => {
      intentsWhenAsked = gateway.recorder.intents.length;
      request.on("data", (chunk: Buffer) => received.push(chunk));
      request.on("end", () => response.writeHead(201).end("{}"));
    };
    const body = JSON.stringify({
      kind: "Secret",
      apiVersion: "v1",
      metadata: { name: "db" },
      data: { password: "aHVudGVyMg==" },
    });
    const answer = await call("/api/v1/namespaces/shop/secrets", {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json" },
    });
    expect(answer.status).toBe(201);
    expect(intentsWhenAsked).toBe(1);
    expect(Buffer.concat(received).toString()).toBe(body);
    const [entry] = gateway.recorder.entries;
    expect(entry).toMatchObject({
      verb: "create",
      resource: "secrets",
      bytesIn: body.length,
      httpStatus: 201,
    });
    expect(entry?.callId).toBe(gateway.recorder.intents[0]?.callId);
    expect(entry?.body).toMatchObject({ bytes: body.length, truncated: false });
    expect(entry?.body?.text).toContain("name: db");
    expect(JSON.stringify(entry)).not.toContain("aHVudGVyMg");
  });

  test("that fails at the cluster carries Status.message, also zipped and as protobuf", async () => {
    const status = {
      kind: "Status",
      apiVersion: "v1",
      status: "Failure",
      message: 'pods "x" not found',
      code: 404,
    };
    api.onRequest = (_request, response) =>
      response.writeHead(404, { "Content-Type": "application/json" }).end(JSON.stringify(status));
    expect((await call("/api/v1/namespaces/a/pods/x")).json()).toEqual(status);
    api.onRequest = (_request, response) =>
      response
        .writeHead(404, { "Content-Type": "application/json", "Content-Encoding": "gzip" })
        .end(gzipSync(JSON.stringify(status)));
    await call("/api/v1/namespaces/a/pods/x");
    api.onRequest = (_request, response) =>
      response
        .writeHead(404, { "Content-Type": "application/vnd.kubernetes.protobuf" })
        .end(protobufStatus(status.message));
    await call("/api/v1/namespaces/a/pods/x");
    expect(
      gateway.recorder.entries.map(({ message, result, httpStatus }) => ({ message, result, httpStatus })),
    ).toEqual(Array(3).fill({ message: status.message, result: "failure", httpStatus: 404 }));
  });

  test("is answered with the cluster's own headers, duplicates and order kept, its cookies not", async () => {
    api.onRequest = (_request, response) => {
      response.sendDate = false;
      response.writeHead(200, [
        ...["Warning", '299 - "old"', "Warning", '299 - "older"', "X-B", "1", "Set-Cookie", "a=b"],
        ...["Content-Length", "2", "Strict-Transport-Security", "max-age=1"],
      ] as string[]);
      response.end("{}");
    };
    const { rawHeaders } = await call("/api/v1/pods");
    expect(rawHeaders.slice(0, 8)).toEqual([
      ...["Warning", '299 - "old"', "Warning", '299 - "older"', "X-B", "1", "Content-Length", "2"],
    ]);
    expect(rawHeaders.join()).not.toMatch(/cookie|strict/i);
  });
});

describe("a refused call is a Status and is recorded", () => {
  test("401 without, with a wrong, with two tokens", async () => {
    for (const options of [
      { token: null },
      { token: "wrong" },
      { token: null, headers: { Authorization: "Basic YTpi" } },
      { token: null, headers: { Authorization: "Bearer" } },
    ]) {
      const answer = await call("/api/v1/pods", options);
      expect(answer.status).toBe(401);
      expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
      expect(answer.json()).toMatchObject({ kind: "Status", reason: "Unauthorized", code: 401 });
    }
    expect(gateway.recorder.entries).toHaveLength(4);
    expect(gateway.recorder.entries[0]).toMatchObject({
      result: "failure",
      httpStatus: 401,
      verb: "list",
      resource: "pods",
      role: null,
      actor: { kind: "anonymous" },
      cluster: { id: "", name: "prod" },
    });
    expect(api.seen).toEqual([]);
  });

  test("403 with the decision's words", async () => {
    const reason = 'pods "x" is forbidden: User "alice@example.com" cannot delete resource "pods"';
    gateway.decide = deny(reason);
    const answer = await call("/api/v1/namespaces/a/pods/x", { method: "DELETE" });
    expect(answer.json()).toMatchObject({ reason: "Forbidden", code: 403, message: reason });
    expect(gateway.recorder.entries).toMatchObject([
      { httpStatus: 403, verb: "delete", role: null, message: reason },
    ]);
    expect(gateway.recorder.intents).toEqual([]);
    expect(api.seen).toEqual([]);
  });

  test("404 for a cluster that is not registered", async () => {
    const answer = await send({ port: gateway.port, path: "nowhere/api/v1/pods" });
    expect(answer.json()).toMatchObject({ reason: "NotFound", code: 404 });
    expect(gateway.recorder.entries).toMatchObject([
      { httpStatus: 404, cluster: { id: "", name: "nowhere" } },
    ]);
  });

  test("503 while the journal is full, with what it says", async () => {
    gateway.recorder.full = "the journal is full";
    const answer = await call("/api/v1/pods");
    expect(answer.json()).toMatchObject({ code: 503, message: "the journal is full" });
    expect(api.seen).toEqual([]);
  });

  test("502 where the cluster is not there", async () => {
    const gone = await startApiServer();
    await gone.close();
    gateway.addCluster("gone", testUpstream({ url: gone.upstream.endpoint.href, ca: null, token: "t" }));
    const answer = await send({ port: gateway.port, path: "gone/api/v1/pods" });
    expect(answer.status).toBe(502);
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 502, result: "failure" }]);
    expect(gateway.recorder.entries[0]?.message).toContain("refuses connections");
  });

  test("405 for a method that is no verb, 417 for another expectation", async () => {
    expect((await call("/api/v1/pods", { method: "OPTIONS" })).status).toBe(405);
    expect((await call("/api/v1/pods", { headers: { Expect: "magic" } })).status).toBe(417);
    expect(gateway.recorder.entries.map((entry) => entry.httpStatus)).toEqual([405, 417]);
  });
});

describe("what cannot be recorded does not happen", () => {
  test("a read is not even forwarded, and may come again", async () => {
    gateway.recorder.failing = true;
    const answer = await call("/api/v1/namespaces/a/pods/x");
    expect(answer.json()).toMatchObject({ code: 503, reason: "ServiceUnavailable" });
    expect(answer.headers["retry-after"]).toBe("1");
    expect(api.seen).toEqual([]);
  });

  test("a read whose outcome nothing takes is not answered", async () => {
    api.onRequest = (_request, response) => {
      gateway.recorder.failing = true;
      response.end("{}");
    };
    const answer = await call("/api/v1/namespaces/a/pods/x");
    expect(answer.json()).toMatchObject({ code: 500, reason: "InternalError" });
    expect(answer.headers).not.toHaveProperty("retry-after");
    expect(api.seen).toHaveLength(1);
  });

  test("a change is not even forwarded, and may come again", async () => {
    gateway.recorder.failing = true;
    const answer = await call("/api/v1/namespaces/a/pods/x", { method: "DELETE" });
    expect(answer.json()).toMatchObject({ code: 503, reason: "ServiceUnavailable" });
    expect(answer.json().message).toContain("not sent to the cluster");
    expect(answer.headers["retry-after"]).toBe("1");
    expect(api.seen).toEqual([]);
  });

  test("a denial is not told either", async () => {
    gateway.recorder.failing = true;
    gateway.decide = deny("no");
    expect((await call("/api/v1/pods")).status).toBe(503);
  });
});

describe("a defect of the gateway's is a row and an answer, once", () => {
  const failed = async () => {
    const answer = await call("/api/v1/pods");
    expect(answer.json()).toMatchObject({ code: 500, reason: "InternalError" });
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 500, result: "failure" }]);
    expect(api.seen).toEqual([]);
    expect(await gateway.registry.getSingleMetricAsString("kubewitness_gateway_calls_in_flight")).toContain(
      "calls_in_flight 0",
    );
  };

  test("where it shows at once", async () => {
    gateway.decide = () => {
      throw new Error("a defect");
    };
    await failed();
  });

  test("where it shows while something is waited for", async () => {
    gateway.lookUpGate = Promise.reject(new Error("a defect"));
    gateway.lookUpGate.catch(() => {});
    await failed();
    gateway.lookUpGate = null;
  });

  test("and a closed connection, where there can be neither row nor answer", async () => {
    gateway.decide = () => {
      throw new Error("a defect");
    };
    const { recordEntry } = gateway.recorder;
    gateway.recorder.recordEntry = () => {
      throw new Error("another");
    };
    try {
      await expect(call("/api/v1/pods")).rejects.toThrow("socket hang up");
    } finally {
      gateway.recorder.recordEntry = recordEntry;
    }
  });
});

test("metrics count calls by verb and code, and those under way", async () => {
  const value = async (name: string) =>
    await gateway.registry.getSingleMetricAsString(`kubewitness_gateway_${name}`);
  const before = Number(/verb="list",code="200"\} (\d+)/.exec(await value("calls_total"))?.[1] ?? 0);
  let inFlight = "";
  api.onRequest = (_request, response) => {
    void value("calls_in_flight").then((text) => {
      inFlight = text;
      response.end("{}");
    });
  };
  await call("/api/v1/pods");
  await call("/api/v1/pods", { token: null });
  expect(inFlight).toContain("calls_in_flight 1");
  const after = await value("calls_total");
  expect(after).toContain(`verb="list",code="200"} ${before + 1}`);
  expect(after).toContain('verb="list",code="401"}');
  expect(await value("calls_in_flight")).toContain("calls_in_flight 0");
  expect(await value("upstream_head_seconds")).toContain('le="+Inf"}');
});

/** `k8s\0` + runtime.Unknown{1: TypeMeta{1: "v1", 2: "Status"}, 2: Status{2: "Failure", 3: message}}. */
function protobufStatus(message: string): Buffer {
  const field = (number: number, value: Buffer) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, value.length]), value]);
  const text = (number: number, value: string) => field(number, Buffer.from(value));
  const typeMeta = Buffer.concat([text(1, "v1"), text(2, "Status")]);
  const status = Buffer.concat([text(2, "Failure"), text(3, message)]);
  return Buffer.concat([Buffer.from("k8s\0"), field(1, typeMeta), field(2, status)]);
}
