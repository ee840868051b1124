import { announceAccessChange } from "../access/table/announce.ts";
import type { Transaction } from "../db/client.ts";

/** Clusters were registered, changed or removed: every replica reads its registry again, and which clusters projects have. */
export const CLUSTERS_CHANNEL = "kubewitness_clusters";

export async function announceClusterChange(tx: Transaction): Promise<void> {
  await tx.$executeRaw`select pg_notify(${CLUSTERS_CHANNEL}, '')`;
  await announceAccessChange(tx);
}
