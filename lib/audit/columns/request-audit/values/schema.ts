/** How the grant that allowed a call came to be. */
export const GRANT_ORIGINS = ["grant", "request", "break_glass"] as const;

/** The verbs that the filter offers first; the other known ones are HTTP methods on non-resource URLs. */
export const VERBS = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
] as const;

/** The resources of the filter; `others` stands for every resource that is not among them, custom ones included. */
export const RESOURCES = [
  "pods",
  "pods/exec",
  "pods/log",
  "pods/portforward",
  "services",
  "ingresses",
  "deployments",
  "replicasets",
  "statefulsets",
  "daemonsets",
  "configmaps",
  "secrets",
  "namespaces",
  "nodes",
  "persistentvolumes",
  "persistentvolumeclaims",
  "jobs",
  "cronjobs",
  "serviceaccounts",
  "endpoints",
  "roles",
  "rolebindings",
  "clusterroles",
  "clusterrolebindings",
] as const;
export const OTHER_RESOURCES = "others";
