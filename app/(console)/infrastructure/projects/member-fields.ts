import type { MemberField } from "../../../components/scopes/member-draft.ts";

/** What a member of a project is made of. */
export const PROJECT_FIELDS: readonly MemberField[] = [
  { name: "clusters", holds: "names", label: "Clusters", placeholder: "prod-1, staging-*" },
  { name: "clusterLabels", holds: "labels", label: "Cluster labels", placeholder: "env=prod" },
  { name: "namespaces", holds: "names", label: "Namespaces", placeholder: "payments, team-a-*" },
  { name: "namespaceLabels", holds: "labels", label: "Namespace labels", placeholder: "team=a" },
];
