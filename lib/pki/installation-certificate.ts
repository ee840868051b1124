import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
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
 */
export async function loadInstallationCertificate(config: {
  data: string;
  host: string;
  kubePublicUrl: string;
  tls: { certificate: string; key: string } | null;
}): Promise<InstallationCertificate> {
  if (config.tls) {
    const { certificate, key } = config.tls;
    return {
      certificate: readFileSync(certificate, "utf8"),
      key: readFileSync(key, "utf8"),
      authority: null,
    };
  }
  const directory = path.join(config.data, "tls");
  const created = new Date().toISOString().slice(0, 10);
  const authority = await keptAuthority(directory, `Kubewitness authority of ${hostname()}, ${created}`);
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
