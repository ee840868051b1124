import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemContext } from "../lib/context.ts";
import { issueApplicationToken } from "../lib/identity/application-tokens/mutations.ts";
import { createApplication } from "../lib/identity/applications/mutations.ts";
import { createPerson } from "../lib/identity/people/mutations.ts";
import { issueToken } from "../lib/identity/tokens/mutations.ts";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../test/installation.ts";
import { createMetrics } from "./metrics.ts";

const ctx = systemContext("test");
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === "IPv4")?.address;
let installation: TestInstallation;
let server: Server;
let port: number;

beforeAll(async () => {
  installation = await createTestInstallation();
  const metrics = createMetrics({ trustedProxies: ["127.0.0.0/8"], publicUrl: "http://localhost:3000" });
  server = createServer((request, response) => metrics.handleRequest(request, response));
  await once(server.listen(0, "0.0.0.0"), "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await installation.close();
});

/** Answers as an installation does whose console others reach at this address. */
async function answerOf(publicUrl: string, headers: Record<string, string> = {}): Promise<number> {
  const responder = createMetrics({ trustedProxies: [], publicUrl });
  const own = createServer((request, response) => responder.handleRequest(request, response));
  await once(own.listen(0, "127.0.0.1"), "listening");
  const { status } = await fetch(`http://127.0.0.1:${(own.address() as AddressInfo).port}/metrics`, {
    headers,
  });
  own.closeAllConnections();
  await new Promise((resolve) => own.close(resolve));
  return status;
}

test.each([
  ["http://localhost:3000", 200],
  ["http://127.0.0.1:3000", 200],
  ["https://audit.example.com", 401],
  ["http://192.0.2.1:3000", 401],
])(
  "with the console at %s a program on this machine, or a proxy that adds no header, gets %s",
  async (url, status) => {
    expect(await answerOf(url)).toBe(status);
  },
);

const metrics = (headers: Record<string, string> = {}, host = "127.0.0.1") =>
  fetch(`http://${host}:${port}/metrics`, { headers });
/** As a reverse proxy on this machine passes it on. */
const proxied = { "x-forwarded-for": "203.0.113.20" };

test("a program on this machine reads the metrics", async () => {
  const answer = await metrics();
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toContain("text/plain");
});

test.each(["x-forwarded-for", "forwarded", "via", "x-real-ip"])(
  "what comes through a proxy on this machine (%s) needs a token",
  async (header) => {
    const answer = await metrics({ [header]: "127.0.0.1" });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(await answer.json()).toMatchObject({ code: "unauthenticated" });
  },
);

test.skipIf(outside === undefined)("so does what comes to another address of this machine", async () => {
  expect((await metrics({}, outside)).status).toBe(401);
});

test("an application's token will do", async () => {
  const { id, secret } = await createApplication({ ctx, input: { name: "prometheus" } });
  const input = { grantType: "client_credentials" as const, clientId: id, clientSecret: secret };
  const { accessToken } = await issueApplicationToken({ ctx, input });
  expect((await metrics({ ...proxied, authorization: `Bearer ${accessToken}` })).status).toBe(200);
});

test("a person's who is neither administrator nor auditor will not", async () => {
  const person = await createPerson({
    ctx,
    input: { email: "p@acme.example", name: "P", groups: [] },
  });
  const { token } = await issueToken({ ctx, input: { name: "t", userId: person.id } });
  const answer = await metrics({ ...proxied, authorization: `Bearer ${token}` });
  expect(answer.status).toBe(403);
});

test("a token that does not count is a failed login from the client's own address", async () => {
  const before = await lastEventNo(installation);
  expect((await metrics({ ...proxied, authorization: "Bearer nonsense" })).status).toBe(401);
  expect(await readEvents(installation, before)).toMatchObject([
    { action: "Login", status: "Failed", sourceIp: "203.0.113.20" },
  ]);
});
