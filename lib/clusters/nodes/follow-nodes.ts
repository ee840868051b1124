import { currentDecisionTable } from "../../access/table/current.ts";
import { followLabels } from "../objects/follow-labels.ts";
import { findClusterById } from "../registry.ts";
import { setNodeLabels } from "./node-labels.ts";

/** Knows the labels of the nodes of the clusters on which a grant on a node pool counts. Called at start. */
export function followNodes(): { stop(): void } {
  return followLabels({
    path: "/api/v1/nodes",
    what: "nodes",
    wanted: () =>
      currentDecisionTable()
        .nodePoolClusters()
        .flatMap((id) => findClusterById(id) ?? []),
    onChange: setNodeLabels,
  });
}
