import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import tls from "node:tls";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loadInstallationCertificate } from "./installation-certificate.ts";
import { createAuthority, issueServerCertificate } from "./issue-certificate.ts";

let data: string;
beforeEach(() => {
  data = mkdtempSync(path.join(tmpdir(), "kubewitness-pki-"));
});
afterEach(() => rmSync(data, { recursive: true }));

const settings = (kubePublicUrl = "https://kube.example.com") => ({
  data,
  host: "localhost",
  kubePublicUrl,
  tls: null,
});

/** Connects as a client would and resolves with the subject that the server sees of it. */
const handshake = async (
  server: tls.TlsOptions,
  client: tls.ConnectionOptions,
): Promise<string | undefined> => {
  const listener = tls.createServer(server).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const seen = once(listener, "secureConnection");
  const socket = tls.connect({
    port: (listener.address() as AddressInfo).port,
    host: "127.0.0.1",
    ...client,
  });
  try {
    const [[accepted]] = await Promise.all([seen, once(socket, "secureConnect")]);
    return accepted.getPeerX509Certificate()?.subject;
  } finally {
    socket.destroy();
    listener.close();
  }
};

it("serves every name of the installation to a client that trusts its authority", async () => {
  const { certificate, key, authority } = await loadInstallationCertificate(settings());
  for (const servername of ["localhost", "kube.example.com"]) {
    await handshake({ cert: certificate, key }, { ca: authority!, servername });
  }
  await handshake({ cert: certificate, key }, { ca: authority!, host: "127.0.0.1" });
  await expect(
    handshake({ cert: certificate, key }, { ca: authority!, servername: "other.example.com" }),
  ).rejects.toThrow("does not match certificate's altnames");
});

it("keeps authority and certificate, readable by the owner alone", async () => {
  const first = await loadInstallationCertificate(settings());
  expect(await loadInstallationCertificate(settings())).toEqual(first);
  expect(statSync(path.join(data, "tls")).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(data, "tls", "authority.key")).mode & 0o777).toBe(0o600);
});

it("issues anew for a new public host and keeps the authority", async () => {
  const first = await loadInstallationCertificate(settings());
  const second = await loadInstallationCertificate(settings("https://[2001:db8::5]:8443"));
  expect(second.authority).toBe(first.authority);
  expect(new X509Certificate(second.certificate).checkIP("2001:db8::5")).toBeDefined();
});

it("issues anew when the end is near", async () => {
  const first = await loadInstallationCertificate(settings());
  const authority = await createAuthority("test");
  const ending = await issueServerCertificate(authority, {
    hosts: ["localhost", "127.0.0.1", "::1", "kube.example.com"],
    days: 29,
  });
  for (const [name, pair] of Object.entries({ authority, server: ending })) {
    writeFileSync(path.join(data, "tls", `${name}.crt`), pair.certificate);
    writeFileSync(path.join(data, "tls", `${name}.key`), pair.key);
  }
  const renewed = await loadInstallationCertificate(settings());
  expect(renewed.authority).toBe(authority.certificate);
  expect([first.certificate, ending.certificate]).not.toContain(renewed.certificate);
});

it("serves the administrator's files where they are set", async () => {
  const own = await issueServerCertificate(await createAuthority("corporate"), {
    hosts: ["kube.example.com"],
  });
  const files = { certificate: path.join(data, "a.pem"), key: path.join(data, "a.key") };
  writeFileSync(files.certificate, own.certificate);
  writeFileSync(files.key, own.key);
  expect(await loadInstallationCertificate({ ...settings(), tls: files })).toEqual({
    ...own,
    authority: null,
  });
});
