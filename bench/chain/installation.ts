import { createGrant } from "../../lib/access/grants/mutations.ts";
import { setNamespaceLabels } from "../../lib/access/labels/namespace-labels.ts";
import { createProject } from "../../lib/access/projects/mutations.ts";
import { createRole, updateBuiltInRoles } from "../../lib/access/roles/mutations.ts";
import { startDecisionTable } from "../../lib/access/table/refresh.ts";
import { registerCluster } from "../../lib/clusters/mutations.ts";
import { findCluster, startClusterRegistry } from "../../lib/clusters/registry.ts";
import { type Config, installConfig, loadConfig } from "../../lib/config.ts";
import { systemContext } from "../../lib/context.ts";
import { connectDatabase } from "../../lib/db/connection.ts";
import { migrateDatabase } from "../../lib/db/migrate.ts";
import { startNotifications } from "../../lib/db/notifications.ts";
import { createPerson } from "../../lib/identity/people/mutations.ts";
import { issueToken } from "../../lib/identity/tokens/mutations.ts";
import { log } from "../../lib/log.ts";

export const NAMESPACES = Array.from({ length: 20 }, (_, index) => `team-${index}`);
const PEOPLE = 8;

/** What one rule requires: an end of the working day that nobody reaches, networks that everybody calls from. */
const WHEN = {
  networks: ["10.0.0.0/8", "127.0.0.0/8"],
  hours: { from: "00:00", to: "23:59" },
  timeZone: "Europe/Berlin",
};

const ROLE = {
  apiVersion: "kubewitness.io/v1" as const,
  kind: "Role" as const,
  metadata: { name: "on-call", description: "" },
  spec: {
    rules: [
      {
        effect: "allow" as const,
        apiGroups: ["", "apps", "batch"],
        resources: ["pods", "pods/*", "configmaps", "services", "deployments", "jobs"],
        verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
        when: WHEN,
      },
      {
        effect: "allow" as const,
        apiGroups: ["*"],
        resources: ["*"],
        verbs: ["get", "list", "watch"],
        namespaceLabels: { tier: "web" },
      },
      { effect: "deny" as const, apiGroups: [""], resources: ["secrets"], verbs: ["*"] },
    ],
    kubernetes: { groups: ["on-call", "developers"] },
    impersonate: { users: ["robot-*"], groups: ["robots"] },
  },
};

export interface ChainInstallation {
  config: Config;
  /** Of people who may read and write in each of `NAMESPACES` of the cluster `bench`, all in projects, but for secrets. */
  tokens: string[];
}

/** An installation as in production, in an empty database: settings, people with tokens, a role with conditions, grants, projects, labels. */
export async function openChainInstallation(databaseUrl: string, data: string): Promise<ChainInstallation> {
  log.level = "error";
  const config = loadConfig({
    cwd: data,
    env: {
      DATABASE_URL: databaseUrl,
      KUBEWITNESS_DATA: data,
      KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true",
      OIDC_ISSUER: "https://unused.example",
      OIDC_CLIENT_ID: "unused",
      OIDC_CLIENT_SECRET: "unused",
    },
  });
  installConfig(config);
  await migrateDatabase(databaseUrl);
  connectDatabase(databaseUrl);
  await startNotifications();
  const tokens = await seed();
  await startDecisionTable();
  await startClusterRegistry();
  const cluster = findCluster("bench");
  if (cluster === null) throw new Error("the cluster is not registered");
  const labels = NAMESPACES.map((name, index): [string, Record<string, string>] => [
    name,
    { tier: index % 2 === 0 ? "web" : "data", "kubernetes.io/metadata.name": name },
  ]);
  setNamespaceLabels(cluster.id, new Map(labels));
  return { config, tokens };
}

async function seed(): Promise<string[]> {
  const ctx = systemContext("bench");
  await updateBuiltInRoles({ ctx });
  const credential = { kind: "token", token: "upstream-token" } as const;
  const endpoint = "https://127.0.0.1:1";
  await registerCluster({ ctx, input: { name: "bench", endpoint, credential } });
  await createRole({ ctx, input: { document: ROLE } });
  const members = (names: string[]) => [{ clusters: ["bench"], namespaces: names }];
  await createProject({ ctx, input: { name: "Shop", members: members(NAMESPACES.slice(0, 10)) } });
  await createProject({ ctx, input: { name: "Billing", members: members(NAMESPACES.slice(5)) } });
  const byLabel = [{ clusters: ["bench"], namespaceLabels: { tier: "web" } }];
  await createProject({ ctx, input: { name: "Web", members: byLabel } });
  const tokens: string[] = [];
  for (let index = 0; index < PEOPLE; index++) {
    const person = await createPerson({
      ctx,
      input: { name: `Person ${index}`, email: `person-${index}@example.com`, groups: ["developers"] },
    });
    const { token } = await issueToken({ ctx, input: { name: "bench", userId: person.id } });
    tokens.push(token);
  }
  const subject = { subject: "developers", subjectKind: "group" } as const;
  await createGrant({
    ctx,
    input: { role: "on-call", ...subject, cluster: "bench", namespaces: NAMESPACES },
  });
  await createGrant({
    ctx,
    input: { role: "read-only", ...subject, cluster: "bench", namespaces: ["shop"] },
  });
  return tokens;
}
