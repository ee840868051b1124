import type { Config } from "../../lib/config.ts";
import { ACME_PEOPLE } from "./acme-people.ts";
import { startDemoCluster } from "./cluster.ts";
import { startDemoIdentityProvider } from "./identity-provider.ts";
import { type DemoFiles, seedDemo } from "./seed-demo.ts";

export interface Demo {
  /** The configuration with the demo's identity provider in it, and its cluster's address permitted. */
  config: Config;
  /** Fills the installation, once the database and the domains run; says what was made. */
  seed(authority: string | null): Promise<DemoFiles & { people: readonly { name: string; title: string }[] }>;
  close(): Promise<void>;
}

/** Starts the demo's cluster and identity provider. */
export async function startDemo(config: Config): Promise<Demo> {
  const cluster = await startDemoCluster(config.data);
  const { settings, provider } = await startDemoIdentityProvider(config);
  return {
    config: { ...config, providers: [settings], clusters: { ...config.clusters, allowLoopback: true } },
    seed: async (authority) => ({
      ...(await seedDemo({ ...config, authority, cluster })),
      people: ACME_PEOPLE,
    }),
    close: async () => {
      await Promise.all([cluster.close(), provider.close()]);
    },
  };
}
