import { randomBytes } from "node:crypto";
import { test } from "@playwright/test";

/** The cluster that kubectl and Helm work on, as the tests need it. */
export interface ClusterUnderTest {
  /** As it is registered. */
  name: string;
  /** Where alice is a developer, admin may do everything and auditor reads. */
  namespace: string;
  /** Runs, has a shell and a log of at least two lines. */
  pod: { name: string; container: string };
  /** Pods that answer HTTP: their label, port, a path, and what each says there. */
  web: { selector: string; port: number; path: string; says: (pod: string) => string };
}

const DEMO: ClusterUnderTest = {
  name: "demo",
  namespace: "payments",
  pod: { name: "postgres-1", container: "postgres" },
  web: { selector: "app=ledger", port: 8080, path: "/health", says: (pod) => pod },
};

const GIVEN: ClusterUnderTest = {
  name: "under-test",
  // The worker makes it, and touches no other: nothing is granted outside it, neither by the gateway nor by the cluster.
  namespace: `kubewitness-e2e-${randomBytes(4).toString("hex")}`,
  pod: { name: "shell", container: "busybox" },
  web: { selector: "app=web", port: 80, path: "/", says: () => "nginx" },
};

/** The demo's own cluster, or that of `npm run e2e -- --kubeconfig FILE`. */
export const CLUSTER: ClusterUnderTest = process.env.E2E_KUBECONFIG ? GIVEN : DEMO;

/** What not every cluster has, or not for these tests. */
export type Need = "metrics" | "rights outside the namespace";

/** Skips the running test on a cluster that lacks what it needs. */
export function skipWithout(need: Need | undefined): void {
  const lacking: Partial<Record<Need, string>> = JSON.parse(process.env.E2E_LACKING ?? "{}");
  const reason = need && lacking[need];
  if (reason !== undefined) test.skip(true, reason);
}
