import path from "node:path";
import { systemContext } from "../../lib/context.ts";
import { ensureDemoApplication } from "./application.ts";
import type { DemoCluster } from "./cluster.ts";
import { ensureDemoGrants } from "./grants.ts";
import { formatKubeconfig } from "./kubeconfig.ts";
import { writeOwnFile } from "./own-file.ts";
import { ensureDemoPeople } from "./people.ts";
import { ensureDemoCluster } from "./registration.ts";
import { ensureDemoTokens } from "./tokens.ts";

const DEMO_CLUSTER = "demo";
/** alice first: the context that kubectl uses when none is named. */
const CONTEXTS = ["alice", "admin", "auditor"];

export interface DemoFiles {
  /** A kubeconfig with the contexts alice, admin and auditor. */
  kubeconfig: string;
  /** Id and secret of an application that reads the record. */
  application: string;
}

/** Fills an empty installation with the demo's cluster, people, grants, tokens and application; leaves what is there. */
export async function seedDemo(input: {
  data: string;
  kubePublicUrl: string;
  /** The installation's own authority, PEM. */
  authority: string | null;
  cluster: DemoCluster;
}): Promise<DemoFiles> {
  const ctx = systemContext("demo");
  const files = {
    kubeconfig: path.join(input.data, "kubeconfig"),
    application: path.join(input.data, "application.json"),
  };
  await ensureDemoCluster(ctx, DEMO_CLUSTER, input.cluster);
  const people = await ensureDemoPeople(ctx);
  await ensureDemoGrants(ctx, DEMO_CLUSTER);
  const ordered = new Map(CONTEXTS.flatMap((name) => (people.has(name) ? [[name, people.get(name)!]] : [])));
  const tokens = await ensureDemoTokens(ctx, ordered, files.kubeconfig);
  const server = `${input.kubePublicUrl}/k8s/clusters/${DEMO_CLUSTER}`;
  const kubeconfig = { cluster: DEMO_CLUSTER, server, certificateAuthority: input.authority, tokens };
  writeOwnFile(files.kubeconfig, formatKubeconfig(kubeconfig));
  await ensureDemoApplication(ctx, files.application);
  return files;
}
