import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { freePort } from "../../test/free-ports.ts";
import { installConfig, loadConfig } from "../config.ts";
import { type CertificateAndKey, createAuthority, issueServerCertificate } from "../pki/issue-certificate.ts";
import { readAnswerText } from "./answer-text.ts";
import { askApiServer } from "./calls/ask-api-server.ts";
import type { ClusterCredential } from "./credentials/schema.ts";
import { sealCredential } from "./credentials/sealed.ts";
import type { RegisteredCluster } from "./registry.ts";
import { directTransport } from "./transports/direct.ts";
import { openUpstream, type Upstream } from "./upstream.ts";

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
    labels: {},
    connection: "direct" as const,
    agentTag: null,
    tunnelCredential: "gateway" as const,
    revision: "1",
    ...change,
  };
  const sealed = { ...cluster, credential: sealCredential(cluster, credential) };
  const upstream = openUpstream(
    sealed,
    directTransport(() => policy),
  );
  opened.push(upstream);
  return upstream;
}

async function call(upstream: Upstream): Promise<{ authorization: string | null; peer: string | null }> {
  const authorization = await upstream.authorization();
  const { body } = await askApiServer(upstream, {
    ...{ method: "GET", path: "/api", signal: AbortSignal.timeout(30_000) },
    headers: authorization === null ? [] : ["Authorization", authorization],
  });
  return JSON.parse(await readAnswerText(body, 65_536));
}

/** Whose certificate the server sees on a connection; ends it. */
async function peerSeenOn(socket: TLSSocket): Promise<string | undefined> {
  socket.write("GET /api HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const answer = Buffer.concat(await socket.toArray()).toString();
  return /"peer":"([^"]+)"/.exec(answer)?.[1];
}

const NONE = { kind: "none" as const };

describe("a call", () => {
  test("carries the token, and connections are used again", async () => {
    const upstream = upstreamTo({ kind: "token", token: "t0ken" });
    const before = connections;
    for (let count = 0; count < 10; count++) {
      expect(await call(upstream)).toEqual({ authorization: "Bearer t0ken", peer: null });
    }
    expect(connections).toBe(before + 1);
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
    await expect(upstream.connect()).rejects.toThrow(/cannot be called: localhost/);
    expect(connections).toBe(before);
  });

  test("is refused also where no name has to be resolved", async () => {
    const before = connections;
    for (const host of ["127.0.0.1", "[::1]", "169.254.169.254"]) {
      const upstream = upstreamTo(NONE, { endpoint: `https://${host}:${port}` }, strict);
      await expect(call(upstream)).rejects.toThrow(/cannot be called/);
      await expect(upstream.connect()).rejects.toThrow(/cannot be called/);
    }
    expect(connections).toBe(before);
  });
});

describe("a connection of one's own", () => {
  test("opens the same door", async () => {
    const { certificate, key } = client;
    const upstream = upstreamTo({ kind: "clientCertificate", certificate, key });
    const socket = (await upstream.connect()) as TLSSocket;
    expect(socket.alpnProtocol).toBe("http/1.1");
    expect(socket.authorized).toBe(true);
    expect(await peerSeenOn(socket)).toBe(new X509Certificate(certificate).fingerprint256);
  });

  test("takes a TLS session up again", async () => {
    const { certificate, key } = client;
    const upstream = upstreamTo({ kind: "clientCertificate", certificate, key });
    await call(upstream);
    const socket = (await upstream.connect()) as TLSSocket;
    expect(socket.isSessionReused()).toBe(true);
    socket.destroy();
  });

  test("shows the certificate of the moment, not the one of a TLS session before", async () => {
    const other = await issueServerCertificate(authority, { hosts: ["another"] });
    const answer = path.join(directory, "renewed.json");
    const apiVersion = "client.authentication.k8s.io/v1" as const;
    const give = ({ certificate, key }: CertificateAndKey) => {
      // Over already, so that it is asked for again.
      const expirationTimestamp = new Date(Date.now() - 1).toISOString();
      const status = { clientCertificateData: certificate, clientKeyData: key, expirationTimestamp };
      writeFileSync(answer, JSON.stringify({ apiVersion, kind: "ExecCredential", status }));
    };
    const plugin = { apiVersion, command: "cat", args: [answer], env: [], provideClusterInfo: false };
    const upstream = upstreamTo({ kind: "exec", plugin });
    for (const certificate of [client, other]) {
      give(certificate);
      const socket = (await upstream.connect()) as TLSSocket;
      expect(socket.isSessionReused()).toBe(false);
      expect(await peerSeenOn(socket)).toBe(new X509Certificate(certificate.certificate).fingerprint256);
    }
  });

  test("is given up when nobody wants it any more, and leaves nothing open", async () => {
    const silent = net.createServer();
    const accepted: net.Socket[] = [];
    silent.on("connection", (socket) => accepted.push(socket.on("error", () => undefined).resume()));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port: silentPort } = silent.address() as AddressInfo;
    const upstream = upstreamTo(NONE, { endpoint: `https://localhost:${silentPort}` });
    const leaving = new AbortController();
    const connecting = upstream.connect({ signal: leaving.signal });
    const refused = expect(connecting).rejects.toThrow("the client left");
    await vi.waitFor(() => expect(accepted).toHaveLength(1), { timeout: 10_000 });
    leaving.abort(new Error("the client left"));
    await refused;
    await vi.waitFor(() => expect(accepted[0]?.destroyed).toBe(true), { timeout: 10_000 });
    await expect(upstream.connect({ signal: leaving.signal })).rejects.toThrow("the client left");
    silent.close();
  });

  test.each([
    ["ECONNREFUSED", null],
    ["ECONNRESET", (socket: net.Socket) => socket.destroy()],
  ])("says why there is none, as Node's sockets do: %s", async (code, answer) => {
    const closing = net.createServer((socket) => void answer?.(socket.on("error", () => undefined)));
    const closingPort = await freePort();
    if (answer) await new Promise<void>((resolve) => closing.listen(closingPort, "127.0.0.1", resolve));
    const upstream = upstreamTo(NONE, { endpoint: `https://localhost:${closingPort}` });
    await expect(upstream.connect()).rejects.toMatchObject({ code });
    await expect(call(upstream)).rejects.toMatchObject({ code });
    closing.close();
  });
});
