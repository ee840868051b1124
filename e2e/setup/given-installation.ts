import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ImportedCluster } from "../../lib/clusters/kubeconfig/schema.ts";
import { CLUSTER } from "../support/cluster.ts";
import { consoleUrl, dataFolder, demoKubeconfig, personToken } from "../support/installation.ts";
import { startDemoInstallation } from "./demo-installation.ts";
import { prepareGivenCluster } from "./given-cluster.ts";

const GRANTS = [
  { role: "cluster-admin", subject: "platform-admins" },
  { role: "read-only", subject: "security-audit" },
  { role: "developer", subject: "payments-developers" },
];

/** A demo at which the cluster of a kubeconfig is registered besides, and the demo's people have their roles in one namespace of it. */
export async function startInstallationFor(file: string): Promise<{ stop(): Promise<void> }> {
  const given = await prepareGivenCluster(file, process.env.E2E_CONTEXT, CLUSTER);
  const ends = [given.cleanUp];
  const stop = async () => {
    const ended = await Promise.allSettled(ends.map((end) => end()));
    for (const each of ended) if (each.status === "rejected") throw each.reason;
  };
  try {
    const demo = await startDemoInstallation();
    ends.push(demo.stop);
    process.env.E2E_URL = demo.url;
    process.env.E2E_DATA = demo.data;
    await importCluster(given.kubeconfig);
    for (const grant of GRANTS) await createGrant(grant);
    process.env.E2E_PEOPLE = writePeoplesKubeconfig();
    process.env.E2E_ENDPOINT = given.endpoint;
    process.env.E2E_LACKING = JSON.stringify(given.lacking);
    for (const [need, why] of Object.entries(given.lacking))
      process.stdout.write(`Tests that need ${need} are skipped: ${why}\n`);
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function importCluster(kubeconfig: string): Promise<void> {
  const answer = await post("clusters/import", { kubeconfig: readFileSync(kubeconfig, "utf8") });
  const [imported] = (answer as { clusters: ImportedCluster[] }).clusters;
  const problem = imported?.reason ?? imported?.problem;
  if (problem) throw new Error(`the cluster of --kubeconfig: ${problem}`);
}

function createGrant(grant: { role: string; subject: string }): Promise<unknown> {
  const place = { cluster: CLUSTER.name, namespaces: [CLUSTER.namespace] };
  return post("grants", { ...grant, ...place, subjectKind: "group" });
}

/** Asks the API as the demo's administrator. */
async function post(resource: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${consoleUrl()}/api/v1/${resource}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${personToken("admin")}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST /api/v1/${resource}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** The demo's, with the same people at the other cluster. */
function writePeoplesKubeconfig(): string {
  const file = path.join(dataFolder(), "demo", `kubeconfig-${CLUSTER.name}`);
  const demo = readFileSync(demoKubeconfig(), "utf8");
  writeFileSync(file, demo.replaceAll("/k8s/clusters/demo", `/k8s/clusters/${CLUSTER.name}`), {
    mode: 0o600,
  });
  return file;
}
