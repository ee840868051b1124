import type { Server } from "node:http";
import { Server as TlsServer } from "node:tls";
import { log } from "../lib/log.ts";
import type { CertificateAndKey } from "../lib/pki/issue-certificate.ts";
import { KUBE_TLS_OPTIONS } from "./listeners.ts";

const EVERY_MS = 60_000;

export interface CertificateReload {
  /** Reads it now (SIGHUP). New connections get the new one; those that are open go on. */
  reload(): Promise<void>;
  stop(): void;
}

/**
 * Serves the certificate as it is now: read again every minute, so that what an administrator, cert-manager or certbot puts in its place is
 * served without a restart, and the installation's own is renewed before it ends. One that cannot be served is an error of the
 * log, and the one before goes on.
 */
export function keepCertificateFresh({
  servers,
  served: first,
  load,
  onReplaced,
  everyMs = EVERY_MS,
}: {
  /** Of these, the TLS servers. */
  servers: readonly Server[];
  /** What they serve already. */
  served: CertificateAndKey;
  load: () => Promise<CertificateAndKey>;
  /** Told of one that is served from now on, for the processes that serve it too. */
  onReplaced?: (certificate: CertificateAndKey) => void;
  everyMs?: number;
}): CertificateReload {
  let served = first;
  let running: Promise<void> | null = null;
  const replace = async () => {
    try {
      const { certificate, key } = await load();
      if (certificate === served.certificate && key === served.key) return;
      serveCertificate(servers, { certificate, key });
      onReplaced?.({ certificate, key });
      served = { certificate, key };
      log.info("the certificate of the Kubernetes proxy's port was replaced");
    } catch (error) {
      log.error({ err: error }, "the certificate cannot be replaced: the one before is served");
    }
  };
  const reload = () => {
    running ??= replace().finally(() => {
      running = null;
    });
    return running;
  };
  const timer = setInterval(() => void reload(), everyMs);
  timer.unref();
  return { reload, stop: () => clearInterval(timer) };
}

/** New connections to those of the servers that speak TLS get it. @throws where it cannot be served. */
export function serveCertificate(servers: readonly Server[], { certificate, key }: CertificateAndKey): void {
  for (const server of servers) {
    if (server instanceof TlsServer) server.setSecureContext({ ...KUBE_TLS_OPTIONS, cert: certificate, key });
  }
}
