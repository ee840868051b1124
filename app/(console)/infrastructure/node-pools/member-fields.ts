import type { MemberField } from "../../../components/scopes/member-draft.ts";

/** What a member of a node pool is made of. */
export const NODE_POOL_FIELDS: readonly MemberField[] = [
  { name: "clusters", holds: "names", label: "Clusters", placeholder: "prod-1, staging-*" },
  { name: "clusterLabels", holds: "labels", label: "Cluster labels", placeholder: "env=prod" },
  { name: "nodeLabels", holds: "labels", label: "Node labels", placeholder: "pool=gpu" },
];
