import { currentDecisionTable, onDecisionTable } from "../../access/table/current.ts";
import { watchLabels } from "../objects/watch-labels.ts";
import { findClusterById, onClustersChange, type RegisteredCluster } from "../registry.ts";
import { upstreamFor } from "../upstream.ts";
import { setNodeLabels } from "./node-labels.ts";

/** Watches the nodes of the clusters on which a grant on a node pool counts, and of no other. Called at start. */
export function followNodes(): { stop(): void } {
  const watches = new Map<string, { revision: string; stop: () => void }>();
  const end = (clusterId: string) => {
    watches.get(clusterId)?.stop();
    watches.delete(clusterId);
    setNodeLabels(clusterId, null);
  };
  const follow = () => {
    const wanted = new Map(
      currentDecisionTable()
        .nodePoolClusters()
        .flatMap((id) => findClusterById(id) ?? [])
        .map((cluster) => [cluster.id, cluster]),
    );
    for (const [id, { revision }] of watches) if (wanted.get(id)?.revision !== revision) end(id);
    for (const cluster of wanted.values())
      if (!watches.has(cluster.id)) watches.set(cluster.id, begin(cluster));
  };
  const unsubscribers = [onDecisionTable(follow), onClustersChange(follow)];
  follow();
  return {
    stop: () => {
      for (const unsubscribe of unsubscribers) unsubscribe();
      for (const id of [...watches.keys()]) end(id);
    },
  };
}

function begin(cluster: RegisteredCluster): { revision: string; stop: () => void } {
  const stop = watchLabels({
    path: "/api/v1/nodes",
    what: `the nodes of ${cluster.name}`,
    upstream: () => upstreamFor(cluster),
    onChange: (labels) => setNodeLabels(cluster.id, labels),
  });
  return { revision: cluster.revision, stop };
}
