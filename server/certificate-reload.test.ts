import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import tls, { type TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunningGateway } from "../lib/gateway/start.ts";
import { answerExchange } from "../lib/gateway/testing/answer-exchange.ts";
import { loadInstallationCertificate } from "../lib/pki/installation-certificate.ts";
import {
  type CertificateAndKey,
  createAuthority,
  issueServerCertificate,
} from "../lib/pki/issue-certificate.ts";
import { type CertificateReload, keepCertificateFresh } from "./certificate-reload.ts";
import { closeServers } from "./drain.ts";
import { createKubeServer } from "./listeners.ts";

let folder: string;
let authority: CertificateAndKey;
let server: Server | undefined;
let fresh: CertificateReload | undefined;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-certificate-"));
  authority = await createAuthority("corporate");
});
afterEach(async () => {
  fresh?.stop();
  if (server) await closeServers([server], 0);
  rmSync(folder, { recursive: true });
});

const gateway: RunningGateway = {
  handleExchange: (exchange) => answerExchange(exchange, "gateway"),
  handleRequest: (_request, response) => response.end("gateway"),
  handleUpgrade: (_request, socket) => socket.destroy(),
  handleClientError: (_error, socket) => socket.destroy(),
  drain: async () => {},
};
const issue = () => issueServerCertificate(authority, { hosts: ["localhost"] });

const files = () => ({ certificate: path.join(folder, "tls.crt"), key: path.join(folder, "tls.key") });
function put(part: keyof CertificateAndKey, text: string): void {
  writeFileSync(`${files()[part]}.new`, text);
  renameSync(`${files()[part]}.new`, files()[part]);
}
function putPair({ certificate, key }: CertificateAndKey): void {
  put("certificate", certificate);
  put("key", key);
}

async function serve(settings: Parameters<typeof loadInstallationCertificate>[0], everyMs: number) {
  const served = await loadInstallationCertificate(settings);
  server = createKubeServer(served, gateway, []);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const load = () => loadInstallationCertificate(settings);
  fresh = keepCertificateFresh({ servers: [server], served, load, everyMs });
  return fresh;
}
const settings = (own: boolean) => ({
  data: folder,
  host: "localhost",
  kubePublicUrl: "https://localhost:8443",
  tls: own ? null : files(),
});

async function connect(): Promise<TLSSocket> {
  const { port } = server!.address() as AddressInfo;
  const socket = tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  return socket;
}
async function served(): Promise<string> {
  const socket = await connect();
  const { fingerprint256 } = socket.getPeerX509Certificate()!;
  socket.destroy();
  return fingerprint256;
}
const fingerprintOf = ({ certificate }: CertificateAndKey) => new X509Certificate(certificate).fingerprint256;

describe("a certificate that is put in place of the one before", () => {
  it("is served to new connections without a restart, and open ones go on", async () => {
    const [first, second] = [await issue(), await issue()];
    putPair(first);
    await serve(settings(false), 20);
    expect(await served()).toBe(fingerprintOf(first));
    const open = await connect();
    putPair(second);
    await expect.poll(served).toBe(fingerprintOf(second));
    open.write("GET /k8s/clusters/a/api HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const [answer] = await once(open, "data");
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 [\s\S]*gateway/);
    open.destroy();
  });

  it("is served when it is asked for, and not while key and certificate do not belong together", async () => {
    const [first, second] = [await issue(), await issue()];
    putPair(first);
    const { reload } = await serve(settings(false), 3_600_000);
    put("certificate", second.certificate);
    await reload();
    expect(await served()).toBe(fingerprintOf(first));
    rmSync(files().key);
    await reload();
    expect(await served()).toBe(fingerprintOf(first));
    put("key", second.key);
    await reload();
    expect(await served()).toBe(fingerprintOf(second));
  });
});

it("the installation's own certificate is renewed before its end while it is served", async () => {
  const { reload } = await serve(settings(true), 3_600_000);
  const ending = await issueServerCertificate(authority, { hosts: ["localhost"], days: 29 });
  for (const [name, pair] of Object.entries({ authority, server: ending })) {
    writeFileSync(path.join(folder, "tls", `${name}.crt`), pair.certificate);
    writeFileSync(path.join(folder, "tls", `${name}.key`), pair.key);
  }
  const before = await served();
  await reload();
  const socket = await connect();
  const renewed = socket.getPeerX509Certificate()!;
  socket.destroy();
  expect([before, fingerprintOf(ending)]).not.toContain(renewed.fingerprint256);
  expect(renewed.validToDate.getTime() - Date.now()).toBeGreaterThan(300 * 86_400_000);
});

describe("at the start", () => {
  it("files that cannot be served are refused with the setting's name", async () => {
    const [first, second] = [await issue(), await issue()];
    const load = () => loadInstallationCertificate(settings(false));
    await expect(load()).rejects.toThrow(
      /^tls\.certificate \(KUBEWITNESS_TLS_CERTIFICATE\) got .* cannot be read/,
    );
    putPair({ certificate: first.certificate, key: second.key });
    await expect(load()).rejects.toThrow(
      /^tls\.certificate and tls\.key: got .* takes a certificate with its chain/,
    );
  });
});
