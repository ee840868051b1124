import { readFileSync } from "node:fs";
import { createGrant } from "../../lib/access/grants/mutations.ts";
import { updateBuiltInRoles } from "../../lib/access/roles/mutations.ts";
import { type AuditPipeline, startAuditPipeline } from "../../lib/audit/pipeline/pipeline.ts";
import { registerCluster } from "../../lib/clusters/mutations.ts";
import { type Config, installConfig, loadConfig } from "../../lib/config.ts";
import { systemContext } from "../../lib/context.ts";
import { connectDatabase, pool } from "../../lib/db/connection.ts";
import { migrateDatabase } from "../../lib/db/migrate.ts";
import { startNotifications } from "../../lib/db/notifications.ts";
import { createPerson } from "../../lib/identity/people/mutations.ts";
import { issueToken } from "../../lib/identity/tokens/mutations.ts";
import { log } from "../../lib/log.ts";

export interface BenchInstallation {
  config: Config;
  pipeline: AuditPipeline;
  /** Of a developer in the namespace `shop` of each cluster. */
  token: string;
  certificate: { certificate: string; key: string };
}

/** An installation as in production, in an empty database: settings, journal, writer, somebody with a token, a cluster. */
export async function openInstallation(input: {
  databaseUrl: string;
  data: string;
  /** The cluster's address. */
  endpoint: string;
  /** Of one more, `slow`. */
  slowEndpoint?: string;
  /** Has `ca.crt`, `server.crt` and `server.key`. */
  tlsFolder: string;
  env?: Record<string, string>;
}): Promise<BenchInstallation> {
  const { databaseUrl, data, endpoint, slowEndpoint, tlsFolder } = input;
  const read = (name: string) => readFileSync(`${tlsFolder}/${name}`, "utf8");
  log.level = "warn";
  const config = loadConfig({
    cwd: data,
    env: {
      DATABASE_URL: databaseUrl,
      KUBEWITNESS_DATA: data,
      KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true",
      OIDC_ISSUER: "https://unused.example",
      OIDC_CLIENT_ID: "unused",
      OIDC_CLIENT_SECRET: "unused",
      ...input.env,
    },
  });
  installConfig(config);
  await migrateDatabase(databaseUrl);
  connectDatabase(databaseUrl);
  await startNotifications();
  const pipeline = await startAuditPipeline({ config, pool: pool() });
  const endpoints = { bench: endpoint, ...(slowEndpoint !== undefined && { slow: slowEndpoint }) };
  const token = await seed(endpoints, read("ca.crt"));
  return {
    config,
    pipeline,
    token,
    certificate: { certificate: read("server.crt"), key: read("server.key") },
  };
}

/** Clusters by their names, and who may use them. @returns their token. */
async function seed(endpoints: Record<string, string>, certificateAuthority: string): Promise<string> {
  const ctx = systemContext("bench");
  await updateBuiltInRoles({ ctx });
  const input = { name: "Alice Example", email: "alice@example.com", groups: ["developers"] };
  const person = await createPerson({ ctx, input });
  const credential = { kind: "token", token: "upstream-token" } as const;
  const subject = { subject: "developers", subjectKind: "group" } as const;
  for (const [name, endpoint] of Object.entries(endpoints)) {
    await registerCluster({ ctx, input: { name, endpoint, certificateAuthority, credential } });
    const grant = { role: "developer", ...subject, cluster: name, namespaces: ["shop"] };
    await createGrant({ ctx, input: grant });
  }
  const { token } = await issueToken({ ctx, input: { name: "bench", userId: person.id } });
  return token;
}
