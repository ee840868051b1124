import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { createSecureContext } from "node:tls";
import { AppError } from "../errors.ts";
import type { CertificateAndKey } from "./issue-certificate.ts";
import { keptAuthority, keptServerCertificate } from "./kept-certificate.ts";

/** What the Kubernetes proxy's port serves, and what a kubeconfig must trust for it. */
export interface InstallationCertificate extends CertificateAndKey {
  /** The installation's own authority, PEM; null where the administrator's certificate is served. */
  authority: string | null;
}

/**
 * The certificate of the Kubernetes proxy's port: the administrator's files where they are set, else one from an authority
 * that is made at the first start and kept in `data/tls`.
 * @throws AppError `invalid_argument` where a file cannot be read, or certificate and key do not belong together.
 */
export async function loadInstallationCertificate(config: {
  data: string;
  host: string;
  kubePublicUrl: string;
  tls: { certificate: string; key: string } | null;
}): Promise<InstallationCertificate> {
  if (config.tls) return { ...readFiles(config.tls), authority: null };
  const directory = path.join(config.data, "tls");
  const created = new Date().toISOString().slice(0, 10);
  const authority = await keptAuthority(directory, `Kubewitness authority of ${hostname()}, ${created}`);
  const server = await keptServerCertificate(directory, authority, hostsOf(config));
  return { ...server, authority: authority.certificate };
}

function readFiles(files: { certificate: string; key: string }): CertificateAndKey {
  const pair = {
    certificate: readFile("tls.certificate (KUBEWITNESS_TLS_CERTIFICATE)", files.certificate),
    key: readFile("tls.key (KUBEWITNESS_TLS_KEY)", files.key),
  };
  try {
    createSecureContext({ cert: pair.certificate, key: pair.key });
  } catch (cause) {
    const message =
      `tls.certificate and tls.key: got ${files.certificate} and ${files.key}, which cannot be served (${(cause as Error).message}): ` +
      "takes a certificate with its chain and its own private key, both in PEM, the key without a passphrase";
    throw new AppError("invalid_argument", message, { cause });
  }
  return pair;
}

function readFile(setting: string, file: string): string {
  try {
    return readFileSync(/* turbopackIgnore: true */ file, "utf8");
  } catch (cause) {
    const message = `${setting} got ${JSON.stringify(file)}, which cannot be read (${(cause as NodeJS.ErrnoException).code}): takes the path of a PEM file`;
    throw new AppError("invalid_argument", message, { cause });
  }
}

function hostsOf({ host, kubePublicUrl }: { host: string; kubePublicUrl: string }): string[] {
  // URL keeps the brackets of an IPv6 address.
  const publicHost = new URL(kubePublicUrl).hostname.replace(/^\[|\]$/g, "");
  const everywhere = ["0.0.0.0", "::"];
  return [...new Set(["localhost", "127.0.0.1", "::1", hostname(), publicHost, host])].filter(
    (name) => !everywhere.includes(name),
  );
}
