import { X509Certificate } from "node:crypto";
import net, { type AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { AppError } from "../../errors.ts";
import { testCertificates } from "../../gateway/testing/certificates.ts";
import {
  type CertificateAndKey,
  createAuthority,
  issueServerCertificate,
} from "../../pki/issue-certificate.ts";
import { createConnect } from "../connect.ts";
import type { CredentialSource, CurrentCredential } from "../credentials/source.ts";
import { directTransport } from "../transports/direct.ts";
import type { ClusterCalls } from "./cluster-call.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { PooledCalls } from "./pooled-calls.ts";
import { RecordedCall } from "./testing/recorded-call.ts";
import { answer, type ScriptedApiServer, startScriptedApiServer } from "./testing/scripted-api-server.ts";

const SOON = { timeout: 20_000, interval: 5 };
const NOTHING: CurrentCredential = { token: null, certificate: null };
const constant = (credential: CurrentCredential) => ({
  atHand: () => credential,
  current: async () => credential,
});

let api: ScriptedApiServer;
let ca: string;
let source: Pick<CredentialSource, "atHand" | "current">;
const pools: ClusterCalls[] = [];

beforeAll(async () => {
  api = await startScriptedApiServer("https");
  ({ ca } = await testCertificates());
});
beforeEach(() => {
  api.connections.splice(0);
  api.onHead = ({ socket }) => socket.write(answer("ok"));
  source = constant(NOTHING);
});
afterEach(async () => {
  for (const calls of pools.splice(0)) await calls.destroy();
});
afterAll(() => api.close());

function createCalls({ endpoint = api.upstream.endpoint.href, idleMs = 50_000 } = {}): ClusterCalls {
  const destination = {
    endpoint,
    certificateAuthority: ca,
    tlsServerName: null,
    insecureSkipTlsVerify: false,
  };
  const transport = directTransport(() => ({ allowLoopback: true, allowLinkLocal: false }));
  const connect = createConnect({ destination, transport });
  const pool = new ConnectionPool({
    host: new URL(endpoint).host,
    source: { atHand: () => source.atHand(), current: () => source.current() },
    connect: ({ certificate, ...options }) => connect(certificate, options),
    idleMs,
  });
  const calls = new PooledCalls(pool);
  pools.push(calls);
  return calls;
}

const call = (calls: ClusterCalls, path = "/") => new RecordedCall(calls, { path }).over();
const isClosed = (at: number) => expect.poll(() => api.connections[at]?.isClosed, SOON).toBe(true);

test("an idle connection is closed after its time; one that a call goes by is not", async () => {
  const calls = createCalls({ idleMs: 100 });
  const idle = new RecordedCall(calls);
  api.onHead = ({ socket }, head) => {
    if (!head.includes("/watch")) socket.write(answer("ok"));
  };
  const watch = new RecordedCall(calls, { path: "/watch" });
  await idle.over();
  const ofIdle = api.connections.findIndex(({ received }) => received.startsWith("GET /api"));
  await isClosed(ofIdle);
  expect(api.connections.map((connection) => connection.isClosed).sort()).toEqual([false, true]);
  watch.call.abort();
});

test("close closes what is idle, and lets go on what is under way", async () => {
  const calls = createCalls();
  api.onHead = ({ socket }, head) => {
    if (!head.includes("/slow")) socket.write(answer("ok"));
  };
  const slow = new RecordedCall(calls, { path: "/slow" });
  await call(calls);
  const slowAt = () => api.connections.findIndex(({ received }) => received.includes("/slow"));
  await expect.poll(slowAt, SOON).not.toBe(-1);
  await calls.close();
  await isClosed(1 - slowAt());
  api.connections[slowAt()]!.socket.write(answer("at last"));
  expect((await slow.over()).content).toBe("at last");
  await isClosed(slowAt());
  // Whoever had it before may still begin one, whose connection is not kept.
  expect((await call(calls)).content).toBe("ok");
  await isClosed(2);
});

test("destroy cuts what is under way, also what waits for a connection, and takes nothing more", async () => {
  const silent = net.createServer((socket) => socket.on("error", () => undefined).resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const endpoint = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  api.onHead = () => undefined;
  const [calls, unconnected] = [createCalls(), createCalls({ endpoint })];
  const [sent, waiting] = [new RecordedCall(calls), new RecordedCall(unconnected)];
  await sent.hears("sent");
  await Promise.all([calls.destroy(), unconnected.destroy()]);
  expect([sent.told, waiting.told]).toEqual([["sent", "error ECONNABORTED"], ["error ECONNABORTED"]]);
  await isClosed(0);
  expect((await call(calls)).told).toEqual(["error ECONNABORTED"]);
  silent.close();
});

test("a call that is given up while its connection is made leaves none", async () => {
  const accepted: net.Socket[] = [];
  const silent = net.createServer((socket) => accepted.push(socket.on("error", () => undefined).resume()));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const calls = createCalls({ endpoint: `https://127.0.0.1:${(silent.address() as AddressInfo).port}` });
  const asked = new RecordedCall(calls);
  await expect.poll(() => accepted.length, SOON).toBe(1);
  asked.call.abort();
  await expect.poll(() => accepted[0]?.destroyed, SOON).toBe(true);
  expect(asked.told).toEqual([]);
  silent.close();
});

test("the second connection takes up the first one's TLS session", async () => {
  const calls = createCalls();
  await call(calls);
  api.connections[0]!.socket.destroy();
  await isClosed(0);
  await expect.poll(async () => (await call(calls)).content, SOON).toBe("ok");
  expect((api.connections[1]!.socket as TLSSocket).isSessionReused()).toBe(true);
});

test("a connection of an older certificate is not used any more, one of the same that was got anew is", async () => {
  const authority = await createAuthority("clients");
  const [first, second] = await Promise.all(
    ["one", "two"].map((host) => issueServerCertificate(authority, { hosts: [host] })),
  );
  const calls = createCalls();
  const show = ({ certificate, key }: CertificateAndKey) => {
    source = constant({ token: null, certificate: { certificate, key } });
  };
  api.onHead = ({ socket }) =>
    socket.write(answer((socket as TLSSocket).getPeerX509Certificate()?.fingerprint256 ?? "none"));
  const fingerprint = (of: CertificateAndKey) => new X509Certificate(of.certificate).fingerprint256;
  for (const [shown, connections] of [
    [first!, 1],
    [first!, 1],
    [second!, 2],
    [second!, 2],
  ] as const) {
    show(shown);
    expect([(await call(calls)).content, api.connections.length]).toEqual([fingerprint(shown), connections]);
  }
  await isClosed(0);
});

test("a call under way goes on with the certificate that it began with, and its connection is not kept", async () => {
  const authority = await createAuthority("clients");
  const own = await issueServerCertificate(authority, { hosts: ["one"] });
  const calls = createCalls();
  api.onHead = ({ socket }, head) => {
    if (!head.includes("/slow")) socket.write(answer("ok"));
  };
  const slow = await new RecordedCall(calls, { path: "/slow" }).hears("sent");
  source = constant({ token: null, certificate: { certificate: own.certificate, key: own.key } });
  await call(calls);
  api.connections[0]!.socket.write(answer("late"));
  expect((await slow.over()).content).toBe("late");
  await isClosed(0);
});

test("a call waits for a credential that has to be got, and fails with what is the matter with it", async () => {
  const calls = createCalls();
  let give: (credential: CurrentCredential) => void = () => undefined;
  source = { atHand: () => null, current: () => new Promise((resolve) => (give = resolve)) };
  const waiting = new RecordedCall(calls);
  await new Promise((resolve) => setImmediate(resolve));
  expect(waiting.told).toEqual([]);
  give(NOTHING);
  expect((await waiting.over()).content).toBe("ok");

  const givenUp = new RecordedCall(calls);
  givenUp.call.abort();
  give(NOTHING);
  source = {
    atHand: () => null,
    current: async () => {
      throw new AppError("unavailable", "the plugin failed");
    },
  };
  const { told, error } = await call(calls);
  expect([error, told.length]).toEqual([new AppError("unavailable", "the plugin failed"), 1]);
  expect(givenUp.told).toEqual([]);
  expect(api.connections).toHaveLength(1);
});

test("an address that may not be called is refused, and nothing is sent", async () => {
  const { error, told } = await call(createCalls({ endpoint: "https://169.254.169.254" }));
  expect(error).toBeInstanceOf(AppError);
  expect(told).toHaveLength(1);
});

test("the name that the certificate is for is asked for with each connection", async () => {
  const { port } = api.upstream.endpoint;
  expect((await call(createCalls({ endpoint: `https://localhost:${port}` }))).content).toBe("ok");
  const { error } = await call(createCalls({ endpoint: `https://[::ffff:127.0.0.1]:${port}` }));
  expect(error?.code).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
});
