import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { hostname } from "node:os";
import path from "node:path";
import {
  type Authority,
  type CertificateAndKey,
  createAuthority,
  issueServerCertificate,
} from "./issue-certificate.ts";

/** What the Kubernetes proxy's port serves, and what a kubeconfig must trust for it. */
export interface InstallationCertificate extends CertificateAndKey {
  /** The installation's own authority, PEM; null where the administrator's certificate is served. */
  authority: string | null;
}

const RENEW_BEFORE_MS = 30 * 86_400_000;

/**
 * The certificate of the Kubernetes proxy's port: the administrator's files where they are set, else one from an authority
 * that is made at the first start and kept in `data/tls`. Issued anew when less than 30 days are left or a host was added.
 */
export async function loadInstallationCertificate(config: {
  data: string;
  host: string;
  kubePublicUrl: string;
  tls: { certificate: string; key: string } | null;
}): Promise<InstallationCertificate> {
  if (config.tls) return { ...readPair(config.tls), authority: null };
  const directory = path.join(config.data, "tls");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const authority = await keptAuthority(directory);
  const server = await keptServerCertificate(directory, authority, hostsOf(config));
  return { ...server, authority: authority.certificate };
}

function hostsOf({ host, kubePublicUrl }: { host: string; kubePublicUrl: string }): string[] {
  // URL keeps the brackets of an IPv6 address.
  const publicHost = new URL(kubePublicUrl).hostname.replace(/^\[|\]$/g, "");
  const everywhere = ["0.0.0.0", "::"];
  return [...new Set(["localhost", "127.0.0.1", "::1", hostname(), publicHost, host])].filter(
    (name) => !everywhere.includes(name),
  );
}

async function keptAuthority(directory: string): Promise<Authority> {
  const files = pairIn(directory, "authority");
  if (existsSync(files.certificate)) return readPair(files);
  const created = new Date().toISOString().slice(0, 10);
  const authority = await createAuthority(`Kubewitness authority of ${hostname()}, ${created}`);
  writePair(files, authority);
  return authority;
}

async function keptServerCertificate(
  directory: string,
  authority: Authority,
  hosts: string[],
): Promise<CertificateAndKey> {
  const files = pairIn(directory, "server");
  if (existsSync(files.certificate)) {
    const kept = readPair(files);
    if (isUsable(kept, authority, hosts)) return kept;
  }
  const issued = await issueServerCertificate(authority, { hosts });
  writePair(files, issued);
  return issued;
}

function isUsable(kept: CertificateAndKey, authority: Authority, hosts: string[]): boolean {
  const certificate = new X509Certificate(kept.certificate);
  const signer = new X509Certificate(authority.certificate);
  const lasts = certificate.validToDate.getTime() - Date.now() > RENEW_BEFORE_MS;
  return lasts && certificate.verify(signer.publicKey) && hosts.every((host) => covers(certificate, host));
}

function covers(certificate: X509Certificate, host: string): boolean {
  return (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined;
}

function pairIn(directory: string, name: string): CertificateAndKey {
  return { certificate: path.join(directory, `${name}.crt`), key: path.join(directory, `${name}.key`) };
}

function readPair(files: CertificateAndKey): CertificateAndKey {
  return { certificate: readFileSync(files.certificate, "utf8"), key: readFileSync(files.key, "utf8") };
}

/** The certificate last: where it is, its key is. */
function writePair(files: CertificateAndKey, pair: CertificateAndKey): void {
  for (const part of ["key", "certificate"] as const) {
    writeFileSync(`${files[part]}.new`, pair[part], { mode: 0o600 });
    renameSync(`${files[part]}.new`, files[part]);
  }
}
