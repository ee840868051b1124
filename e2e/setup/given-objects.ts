/** The namespace of a worker; its label finds what a run left that was killed. */
export function namespaceObject(name: string): object {
  const labels = { "app.kubernetes.io/managed-by": "kubewitness-e2e" };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

/** What the tests of kubectl and Helm need in their namespace; nothing of it is cluster-wide. */
export function contentsOf(namespace: string): object {
  const items = [
    bind("cluster-admin", "ClusterRole", "cluster-admin"),
    bind("developer", "ClusterRole", "edit"),
    bind("read-only", "ClusterRole", "view"),
    // Kubernetes' own role edit lacks what kubectl debug needs.
    {
      ...rbac("Role", "debug"),
      rules: [
        { apiGroups: [""], resources: ["pods/ephemeralcontainers"], verbs: ["get", "patch", "update"] },
      ],
    },
    bind("developer", "Role", "debug"),
    pod("shell", "busybox", { command: ["sh", "-c", "echo one; echo two; while true; do sleep 1; done"] }),
    pod("web", "nginx:1.27", { ports: [{ containerPort: 80 }] }),
    { apiVersion: "v1", kind: "Secret", metadata: { name: "kept" }, stringData: { a: "b" } },
  ];
  const placed = items.map((item) => ({ ...item, metadata: { namespace, ...item.metadata } }));
  return { apiVersion: "v1", kind: "List", items: placed };
}

const rbac = (kind: string, name: string) => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind,
  metadata: { name },
});

/** Gives a role of Kubewitness's, which the cluster knows as a group, a role of the cluster's. */
function bind(group: string, kind: string, name: string) {
  const apiGroup = "rbac.authorization.k8s.io";
  return {
    ...rbac("RoleBinding", `${group}-${name}`),
    roleRef: { apiGroup, kind, name },
    subjects: [{ apiGroup, kind: "Group", name: `kubewitness:${group}` }],
  };
}

function pod(name: string, image: string, more: object) {
  const container = { name: image.split(":")[0], image, ...more };
  const spec = { terminationGracePeriodSeconds: 1, containers: [container] };
  return { apiVersion: "v1", kind: "Pod", metadata: { name, labels: { app: name } }, spec };
}
