const GROUPS: Record<string, string> = {
  apps: "deployments replicasets statefulsets daemonsets controllerrevisions",
  batch: "jobs cronjobs",
  autoscaling: "horizontalpodautoscalers",
  policy: "poddisruptionbudgets",
  "networking.k8s.io": "ingresses networkpolicies ingressclasses",
  "rbac.authorization.k8s.io": "roles rolebindings clusterroles clusterrolebindings",
  "storage.k8s.io": "storageclasses volumeattachments",
  "": "pods services endpoints configmaps secrets namespaces nodes persistentvolumes persistentvolumeclaims serviceaccounts events",
};
const GROUP_OF = new Map(
  Object.entries(GROUPS).flatMap(([group, resources]) =>
    resources.split(" ").map((name) => [name, group] as const),
  ),
);

/** The API group of one of Kubernetes' own resources; null for others. */
export function usualGroupOf(resource: string): string | null {
  return GROUP_OF.get(resource.split("/")[0] ?? "") ?? null;
}
