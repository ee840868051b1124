import path from "node:path";
import { startTestCluster } from "kubewitness-sandbox/kubernetes/testing";
import { onStopRequest } from "./steps.ts";

// node scripts/sandbox-cluster.ts: a cluster of the sandbox in a process of its own, until it is stopped; prints how to reach it.
const cluster = await startTestCluster();
process.stdout.write(`--kubeconfig ${path.join(cluster.folder, "kubeconfig")} --context admin\n`);
onStopRequest(() => void cluster.close().then(() => process.exit(0)));
