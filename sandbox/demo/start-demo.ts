import path from "node:path";
import type { Config } from "../../lib/config.ts";
import { type DemoCluster, startDemoCluster } from "./cluster.ts";
import { startDemoIdentityProvider } from "./identity-provider.ts";

export interface Demo {
  /** The configuration with the demo's identity provider in it, and its cluster's address permitted. */
  config: Config;
  cluster: DemoCluster;
  close(): Promise<void>;
}

/** Starts the demo's cluster and identity provider. */
export async function startDemo(config: Config): Promise<Demo> {
  const cluster = await startDemoCluster(path.join(config.data, "demo"));
  const { oidc, provider } = await startDemoIdentityProvider(config);
  return {
    config: { ...config, oidc, clusters: { ...config.clusters, allowLoopback: true } },
    cluster,
    close: async () => {
      await Promise.all([cluster.close(), provider.close()]);
    },
  };
}
