import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "../testing/api-server.ts";
import { until } from "../testing/memory-recorder.ts";
import { connectRaw } from "../testing/raw-client.ts";
import { send } from "../testing/request.ts";
import { aliceToken, startTestGateway, type TestGateway } from "../testing/test-gateway.ts";
import { STRANGER_LIMITS } from "./strangers.ts";

let api: ApiServer;
let gateway: TestGateway;

beforeAll(async () => {
  api = await startApiServer();
});
beforeEach(async () => {
  await gateway?.close();
  const strangerLimits = { ...STRANGER_LIMITS, freeLookUps: 30 };
  gateway = await startTestGateway({ strangerLimits, trustedProxies: ["127.0.0.1"] });
  gateway.addCluster("prod", api.upstream);
});
afterAll(async () => {
  await gateway.close();
  await api.close();
});

const callFrom = (address: string, token: string | null) =>
  send({
    port: gateway.port,
    path: "prod/api/v1/pods",
    token,
    headers: { "X-Forwarded-For": address },
  });

test("many calls without a token are ten entries and one that says how many more they were", async () => {
  for (let i = 0; i < 60; i++) expect((await callFrom("203.0.113.9", null)).status).not.toBe(200);
  expect((await callFrom("203.0.113.10", null)).status).toBe(401);
  await gateway.gateway.drain(0);
  const of = (address: string) => gateway.recorder.entries.filter(({ clientIp }) => clientIp === address);
  expect(of("203.0.113.10")).toHaveLength(1);
  expect(of("203.0.113.9")).toHaveLength(11);
  expect(of("203.0.113.9").at(-1)).toMatchObject({
    result: "failure",
    actor: { kind: "anonymous" },
    verb: "*",
    cluster: { name: "" },
    message: expect.stringMatching(
      /^50 more calls without a token that counts from this address since \d{4}-/,
    ),
  });
});

test("what a stranger's parser errors are counted with them", async () => {
  for (let i = 0; i < 15; i++) {
    const client = await connectRaw(gateway.port);
    client.write("GET /k8s/clusters/prod/api HTTP/1.1\r\nHost: a\r\nBad Header: 1\r\n\r\n");
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 400 /);
  }
  await gateway.gateway.drain(0);
  expect(gateway.recorder.entries).toHaveLength(11);
  expect(gateway.recorder.entries.at(-1)?.message).toMatch(/^5 more calls /);
});

test("of an address that tries many tokens few are looked up at once; tokens in use go on, and other addresses", async () => {
  gateway.tokens.set("another-token-0123456789", aliceToken());
  for (let i = 0; i < 30; i++) expect((await callFrom("203.0.113.11", `guess-${i}`)).status).toBe(401);
  const { promise, resolve: open } = Promise.withResolvers<void>();
  gateway.lookUpGate = promise;
  const statuses: number[] = [];
  const lookedUp = Array.from({ length: 20 }, (_, i) =>
    callFrom("203.0.113.11", `more-${i}`).then(({ status }) => statuses.push(status)),
  );
  await until(() => statuses.length === 16, "the answers to those that are too many");
  expect(new Set(statuses)).toEqual(new Set([429]));
  const refused = await callFrom("203.0.113.11", "another-token-0123456789");
  expect(refused.status).toBe(429);
  expect(refused.json()).toMatchObject({ kind: "Status", reason: "TooManyRequests", code: 429 });
  expect(refused.headers["retry-after"]).toBe("1");
  const elsewhere = callFrom("203.0.113.12", "another-token-0123456789");
  const stillIn = send({
    port: gateway.port,
    path: "prod/api/v1/pods",
    headers: { "X-Forwarded-For": "203.0.113.11" },
  });
  open();
  await Promise.all(lookedUp);
  expect(statuses.filter((status) => status === 401)).toHaveLength(4);
  expect((await elsewhere).status).toBe(200);
  expect((await stillIn).status).toBe(200);
  // Nobody is locked out: a place is free again.
  expect((await callFrom("203.0.113.11", "another-token-0123456789")).status).toBe(200);
});

test("what could not be recorded is told later", async () => {
  for (let i = 0; i < 12; i++) await callFrom("203.0.113.13", null);
  gateway.recorder.failing = true;
  await gateway.gateway.drain(0);
  gateway.recorder.failing = false;
  await gateway.gateway.drain(0);
  await until(() => gateway.recorder.entries.length === 11, "the entry of what was counted");
  expect(gateway.recorder.entries.at(-1)?.message).toMatch(/^2 more calls /);
});
