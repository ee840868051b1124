import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "../testing/api-server.ts";
import { send } from "../testing/request.ts";
import { startTestGateway, type TestGateway } from "../testing/test-gateway.ts";

// What a failure says is on the record, however the cluster says it; without secrets, and bounded.

let api: ApiServer;
let gateway: TestGateway;

beforeAll(async () => {
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
});
beforeEach(() => gateway.recorder.clear());
afterAll(async () => {
  await gateway.close();
  await api.close();
});

async function recordedMessage(
  status: number,
  headers: Record<string, string>,
  body: string | Buffer,
): Promise<string> {
  api.onRequest = (_request, response) => response.writeHead(status, headers).end(body);
  const answer = await send({ port: gateway.port, path: "prod/apis/metrics.k8s.io/v1beta1/nodes" });
  expect(answer.body.equals(Buffer.from(body))).toBe(true);
  return gateway.recorder.entries[0]?.message ?? "";
}

const JSON_TYPE = { "Content-Type": "application/json" };
const status = (message: string) =>
  JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, code: 422 });

test("plain words of an aggregated API", async () => {
  const plain = { "Content-Type": "text/plain; charset=utf-8" };
  expect(await recordedMessage(503, plain, "service unavailable\n")).toBe("service unavailable");
});

test.each([17_000, 300_000])("a Status whose message has %i characters", async (length) => {
  const text = status(`ConfigMap "x" is invalid: ${"data: too long; ".repeat(length / 16)}`);
  for (const [headers, body] of [
    [JSON_TYPE, text],
    [{ ...JSON_TYPE, "Content-Encoding": "gzip" }, gzipSync(text)],
  ] as const) {
    gateway.recorder.clear();
    const message = await recordedMessage(422, headers, body);
    expect(message).toMatch(/^ConfigMap "x" is invalid: data: too long; /);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(1024);
  }
});

test("secrets are taken out of what was cut too", async () => {
  const secret = "hunter2hunter2";
  const plain = await recordedMessage(500, { "Content-Type": "text/plain" }, `password=${secret}\n`);
  expect(plain).toMatch(/^password=\[redacted/);
  gateway.recorder.clear();
  const cut = await recordedMessage(422, JSON_TYPE, status(`password=${secret} ${"x".repeat(40_000)}`));
  expect(cut).toMatch(/^password=\[redacted/);
  expect(plain + cut).not.toContain(secret);
});

test.each([
  ["no body", 404, {}, "", "The cluster gave no reason (404)."],
  [
    "a page",
    502,
    { "Content-Type": "text/html" },
    "<h1>x</h1>",
    "The cluster gave no reason (502, text/html).",
  ],
  ["an object", 500, JSON_TYPE, '{"a":1}', "The cluster gave no reason (500, application/json)."],
])("%s is told as what it is", async (_what, code, headers, body, message) => {
  expect(await recordedMessage(code, headers as Record<string, string>, body)).toBe(message);
});
