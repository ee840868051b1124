import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type SandboxCluster, startSandboxCluster } from "kubewitness-sandbox/kubernetes";
import { keptSecret } from "../../lib/config/secrets.ts";
import { keptAuthority, keptServerCertificate } from "../../lib/pki/kept-certificate.ts";

export interface DemoCluster {
  endpoint: string;
  /** PEM of the authority that signed the API server's certificate. */
  certificateAuthority: string;
  /** The gateway's own credential. */
  token: string;
  close(): Promise<void>;
}

/** What the cluster calls the gateway: a service account that its seed permits to impersonate, and nothing else. */
const GATEWAY_IDENTITY = { user: "system:serviceaccount:kubewitness:gateway", groups: [] };

/**
 * Starts the demo's cluster behind TLS on a loopback port. Certificate, token and port stay the same from start to start, so
 * that the cluster's registration does.
 */
export async function startDemoCluster(directory: string): Promise<DemoCluster> {
  const folder = path.join(directory, "cluster");
  const authority = await keptAuthority(folder, "Authority of the demo's cluster");
  const { certificate, key } = await keptServerCertificate(folder, authority, [
    "127.0.0.1",
    "localhost",
    "kubernetes",
  ]);
  const token = keptSecret(folder, "gateway-token");
  const options = { tls: { key, cert: certificate }, tokens: { [token]: GATEWAY_IDENTITY } };
  const cluster = await startOnKeptPort(path.join(folder, "port"), (port) =>
    startSandboxCluster({ ...options, port }),
  );
  return {
    endpoint: cluster.url,
    certificateAuthority: authority.certificate,
    token,
    close: () => cluster.close(),
  };
}

async function startOnKeptPort(
  file: string,
  start: (port: number) => Promise<SandboxCluster>,
): Promise<SandboxCluster> {
  const kept = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  const cluster = await start(kept).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE") return start(0);
    throw error;
  });
  writeFileSync(file, new URL(cluster.url).port);
  return cluster;
}
