import type { Labels } from "../../access/policy/labels.ts";
import { onDecisionTable } from "../../access/table/current.ts";
import { onClustersChange, type RegisteredCluster } from "../registry.ts";
import { upstreamFor } from "../upstream.ts";
import { watchLabels } from "./watch-labels.ts";

interface FollowedKind {
  /** `/api/v1/nodes`. */
  path: string;
  /** For the log: `nodes`. */
  what: string;
  /** The clusters on which labels of this kind decide something, as of now. */
  wanted(): readonly RegisteredCluster[];
  /** What is known of a cluster from now on; null: nothing. */
  onChange(clusterId: string, labels: ReadonlyMap<string, Labels> | null): void;
}

/** Watches the labels of a kind of objects on the clusters where they decide something, and on no other. */
export function followLabels({ path, what, wanted, onChange }: FollowedKind): { stop(): void } {
  const watches = new Map<string, { revision: string; stop: () => void }>();
  const begin = (cluster: RegisteredCluster) => {
    const stop = watchLabels({
      path,
      what: `the ${what} of ${cluster.name}`,
      upstream: () => upstreamFor(cluster),
      onChange: (labels) => onChange(cluster.id, labels),
    });
    watches.set(cluster.id, { revision: cluster.revision, stop });
  };
  const end = (clusterId: string) => {
    watches.get(clusterId)?.stop();
    watches.delete(clusterId);
    onChange(clusterId, null);
  };
  const follow = () => {
    const clusters = new Map(wanted().map((cluster) => [cluster.id, cluster]));
    for (const [id, { revision }] of watches) if (clusters.get(id)?.revision !== revision) end(id);
    for (const cluster of clusters.values()) if (!watches.has(cluster.id)) begin(cluster);
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
