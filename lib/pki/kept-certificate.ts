import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import path from "node:path";
import {
  type Authority,
  type CertificateAndKey,
  createAuthority,
  issueServerCertificate,
} from "./issue-certificate.ts";

const RENEW_BEFORE_MS = 30 * 86_400_000;

/** The authority in `directory`, made at the first call; the files are the owner's alone to read. */
export async function keptAuthority(directory: string, commonName: string): Promise<Authority> {
  const files = pairIn(directory, "authority");
  if (existsSync(/* turbopackIgnore: true */ files.certificate)) return readPair(files);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const authority = await createAuthority(commonName);
  writePair(files, authority);
  return authority;
}

/** The server certificate in `directory`, issued anew when less than 30 days are left or it lacks one of the hosts. */
export async function keptServerCertificate(
  directory: string,
  authority: Authority,
  hosts: string[],
): Promise<CertificateAndKey> {
  const files = pairIn(directory, "server");
  if (existsSync(/* turbopackIgnore: true */ files.certificate)) {
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
