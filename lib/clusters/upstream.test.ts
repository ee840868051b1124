import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import tls, { type TLSSocket } from "node:tls";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installConfig, loadConfig } from "../config.ts";
import { type CertificateAndKey, createAuthority, issueServerCertificate } from "../pki/issue-certificate.ts";
import type { ClusterCredential } from "./credentials/schema.ts";
import { sealCredential } from "./credentials/sealed.ts";
import type { RegisteredCluster } from "./registry.ts";
import { createUpstream, type Upstream } from "./upstream.ts";

// A real API server's door: TLS from an authority of its own, which asks for a client certificate and takes any.

const PERMITTED = { allowLoopback: true, allowLinkLocal: false };
let directory: string;
let authority: CertificateAndKey;
let client: CertificateAndKey;
let server: https.Server;
let port: number;
let connections = 0;
const opened: Upstream[] = [];

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "kubewitness-upstream-"));
  installConfig(
    loadConfig({ env: { KUBEWITNESS_DATA: directory, KUBEWITNESS_DEMO: "true" }, cwd: directory }),
  );
  authority = await createAuthority("the cluster's authority");
  client = await issueServerCertificate(authority, { hosts: ["gateway"] });
  const { certificate, key } = await issueServerCertificate(authority, {
    hosts: ["localhost", "kubernetes"],
  });
  const options = { cert: certificate, key, requestCert: true, rejectUnauthorized: false };
  server = https.createServer(options, (received, response) => {
    const peer = (received.socket as TLSSocket).getPeerX509Certificate();
    response.end(
      JSON.stringify({
        authorization: received.headers.authorization ?? null,
        peer: peer?.fingerprint256 ?? null,
      }),
    );
  });
  server.on("secureConnection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  await Promise.all(opened.map((upstream) => upstream.close()));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true });
});

function upstreamTo(
  credential: ClusterCredential,
  change: Partial<RegisteredCluster> = {},
  policy = PERMITTED,
): Upstream {
  const cluster = {
    id: crypto.randomUUID(),
    name: "prod",
    endpoint: `https://localhost:${port}`,
    certificateAuthority: authority.certificate,
    tlsServerName: null,
    insecureSkipTlsVerify: false,
    revision: "1",
    ...change,
  };
  const upstream = createUpstream({ ...cluster, credential: sealCredential(cluster, credential) }, policy);
  opened.push(upstream);
  return upstream;
}

async function call(upstream: Upstream): Promise<{ authorization: string | null; peer: string | null }> {
  const authorization = await upstream.authorization();
  const { body } = await request(new URL("/api", upstream.endpoint), {
    dispatcher: upstream.dispatcher,
    headers: authorization === null ? {} : { authorization },
  });
  return (await body.json()) as { authorization: string | null; peer: string | null };
}

const NONE = { kind: "none" as const };

describe("a call", () => {
  test("carries the token, and connections are used again", async () => {
    const upstream = upstreamTo({ kind: "token", token: "t0ken" });
    const before = connections;
    for (let count = 0; count < 10; count++) {
      expect(await call(upstream)).toEqual({ authorization: "Bearer t0ken", peer: null });
    }
    // undici opens a second one where the first has not yet noticed that its answer has ended.
    expect(connections).toBeLessThanOrEqual(before + 2);
  });

  test("carries the client certificate", async () => {
    const upstream = upstreamTo({
      kind: "clientCertificate",
      certificate: client.certificate,
      key: client.key,
    });
    const { fingerprint256 } = new X509Certificate(client.certificate);
    expect(await call(upstream)).toEqual({ authorization: null, peer: fingerprint256 });
  });

  test("carries what a plugin gives, token and certificate", async () => {
    const status = {
      token: "from-plugin",
      clientCertificateData: client.certificate,
      clientKeyData: client.key,
    };
    const apiVersion = "client.authentication.k8s.io/v1" as const;
    const answer = path.join(directory, "answer.json");
    writeFileSync(answer, JSON.stringify({ apiVersion, kind: "ExecCredential", status }));
    const plugin = { apiVersion, command: "cat", args: [answer], env: [], provideClusterInfo: false };
    const { fingerprint256 } = new X509Certificate(client.certificate);
    expect(await call(upstreamTo({ kind: "exec", plugin }))).toEqual({
      authorization: "Bearer from-plugin",
      peer: fingerprint256,
    });
  });

  test("fails where a plugin does, with its reason", async () => {
    const plugin = {
      apiVersion: "client.authentication.k8s.io/v1" as const,
      command: "false",
      args: [],
      env: [],
    };
    const upstream = upstreamTo({ kind: "exec", plugin: { ...plugin, provideClusterInfo: false } });
    await expect(call(upstream)).rejects.toThrow(
      /credential plugin "false" of cluster prod failed: it exited with 1/,
    );
  });
});

describe("the cluster's certificate", () => {
  test("counts only from the authority that was registered", async () => {
    const other = await createAuthority("another");
    const upstream = upstreamTo(NONE, { certificateAuthority: other.certificate });
    await expect(call(upstream)).rejects.toThrow(/certificate/);
    await expect(call(upstreamTo(NONE, { certificateAuthority: null }))).rejects.toThrow(/certificate/);
  });

  test("has to name the address, or the name that was registered", async () => {
    const endpoint = `https://127.0.0.1:${port}`;
    await expect(call(upstreamTo(NONE, { endpoint }))).rejects.toThrow(/altnames|IP/);
    expect(await call(upstreamTo(NONE, { endpoint, tlsServerName: "kubernetes" }))).toMatchObject({
      peer: null,
    });
    await expect(call(upstreamTo(NONE, { tlsServerName: "elsewhere" }))).rejects.toThrow(/altnames/);
  });

  test("is not looked at where the administrator said so", async () => {
    const upstream = upstreamTo(NONE, { certificateAuthority: null, insecureSkipTlsVerify: true });
    expect(await call(upstream)).toMatchObject({ peer: null });
  });
});

describe("an address that may not be called", () => {
  const strict = { allowLoopback: false, allowLinkLocal: false };

  test("is refused when it is dialled, for calls and for upgrades, whatever was registered", async () => {
    const upstream = upstreamTo(NONE, {}, strict);
    const before = connections;
    await expect(call(upstream)).rejects.toThrow(/cannot be called: localhost: .* is this machine itself/);
    const dialled = new Promise((resolve, reject) =>
      tls.connect(upstream.tls, () => resolve("open")).on("error", reject),
    );
    await expect(dialled).rejects.toThrow(/cannot be called: localhost/);
    expect(connections).toBe(before);
  });

  test("is refused also where no name has to be resolved", () => {
    for (const host of ["127.0.0.1", "[::1]", "169.254.169.254"]) {
      expect(() => upstreamTo(NONE, { endpoint: `https://${host}:${port}` }, strict)).toThrow(
        /cannot be called/,
      );
    }
  });
});

test("the options for upgrades open the same door", async () => {
  const upstream = upstreamTo({
    kind: "clientCertificate",
    certificate: client.certificate,
    key: client.key,
  });
  await upstream.authorization();
  const socket = tls.connect(upstream.tls);
  await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  expect(socket.alpnProtocol).toBe("http/1.1");
  expect(socket.authorized).toBe(true);
  socket.destroy();
});
