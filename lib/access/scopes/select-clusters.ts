import { compilePatterns } from "../policy/pattern.ts";
import { hasLabels } from "../policy/scope.ts";

/** A cluster as far as names and labels choose it. */
export interface SelectableCluster {
  id: string;
  name: string;
  labels: Readonly<Record<string, string>>;
}

interface ClusterSelector {
  clusters: readonly string[];
  clusterLabels: Readonly<Record<string, string>>;
}

/** The ids of the clusters of one of these names (patterns; none: of any name) and with all of these labels. */
export function selectClusters(
  { clusters: names, clusterLabels }: ClusterSelector,
  clusters: readonly SelectableCluster[],
): string[] {
  const patterns = compilePatterns(names);
  return clusters
    .filter(({ name }) => names.length === 0 || patterns.matches(name))
    .filter(({ labels }) => hasLabels(labels, clusterLabels) === true)
    .map(({ id }) => id);
}
