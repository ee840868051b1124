import type { Fields } from "../objects/fields.ts";
import type { SeedContext } from "./seed-context.ts";

const read = ["get", "list", "watch"];
const write = ["create", "delete", "deletecollection", "patch", "update"];

function rule(apiGroups: string, resources: string, verbs: string[]): Fields {
  return {
    apiGroups: apiGroups.split(" ").map((name) => (name === "core" ? "" : name)),
    resources: resources.split(" "),
    verbs,
  };
}

function path(nonResourceURLs: string, verbs: string[]): Fields {
  return { nonResourceURLs: nonResourceURLs.split(" "), verbs };
}

const IMPERSONATED_GROUPS = [
  ...["cluster-admin", "developer", "read-only"].map((role) => `kubewitness:${role}`),
  "ops",
];

const workloads =
  "daemonsets deployments deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale";

const viewRules: Fields[] = [
  rule(
    "core",
    "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status",
    read,
  ),
  rule(
    "core",
    "bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status",
    read,
  ),
  rule("core", "namespaces", read),
  rule("discovery.k8s.io", "endpointslices", read),
  rule(
    "apps",
    `controllerrevisions ${workloads} daemonsets/status deployments/status replicasets/status statefulsets/status`,
    read,
  ),
  rule("autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status", read),
  rule("batch", "cronjobs cronjobs/status jobs jobs/status", read),
  rule("policy", "poddisruptionbudgets poddisruptionbudgets/status", read),
  rule("networking.k8s.io", "ingresses ingresses/status networkpolicies", read),
  rule("events.k8s.io", "events", read),
  rule("metrics.k8s.io", "pods nodes", read),
  rule("cert-manager.io", "certificates certificates/status", read),
];

const editRules: Fields[] = [
  rule("core", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy", read),
  rule("core", "serviceaccounts", ["impersonate"]),
  rule("core", "pods pods/attach pods/exec pods/portforward pods/proxy", write),
  rule("core", "pods/eviction", ["create"]),
  rule("core", "pods/ephemeralcontainers", ["get", "patch", "update"]),
  rule(
    "core",
    "configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy",
    write,
  ),
  rule("core", "serviceaccounts/token", ["create"]),
  rule("apps", `${workloads} deployments/rollback`, write),
  rule("autoscaling", "horizontalpodautoscalers", write),
  rule("batch", "cronjobs jobs", write),
  rule("policy", "poddisruptionbudgets", write),
  rule("networking.k8s.io", "ingresses networkpolicies", write),
  rule("coordination.k8s.io", "leases", [...read, ...write]),
  rule("cert-manager.io", "certificates", write),
];

const adminRules: Fields[] = [
  rule("rbac.authorization.k8s.io", "rolebindings roles", [...read, ...write]),
  rule("authorization.k8s.io", "localsubjectaccessreviews", ["create"]),
];

const discoveryPaths =
  "/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/";

const roles: Record<string, Fields[]> = {
  "cluster-admin": [rule("*", "*", ["*"]), path("*", ["*"])],
  admin: [...adminRules, ...editRules, ...viewRules],
  edit: [...editRules, ...viewRules],
  view: viewRules,
  "system:discovery": [path(discoveryPaths, ["get"])],
  "system:public-info-viewer": [path("/healthz /livez /readyz /version /version/", ["get"])],
  "system:basic-user": [
    rule("authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews", ["create"]),
    rule("authentication.k8s.io", "selfsubjectreviews", ["create"]),
  ],
  "system:node-viewer": [
    rule("core", "nodes persistentvolumes", read),
    rule("storage.k8s.io", "storageclasses", read),
  ],
  "kubewitness-gateway": [
    rule("core", "users serviceaccounts", ["impersonate"]),
    // As in deploy/cluster-rbac.yaml, and the group that --as-group is tried with; never system:masters.
    { ...rule("core", "groups", ["impersonate"]), resourceNames: IMPERSONATED_GROUPS },
    rule("authentication.k8s.io", "*", ["impersonate"]),
  ],
  "kubewitness-read-only": [
    rule(
      "core",
      "componentstatuses namespaces nodes nodes/status persistentvolumes persistentvolumes/status podtemplates",
      read,
    ),
    rule("metrics.k8s.io", "nodes pods", read),
    rule(
      "storage.k8s.io",
      "csidrivers csinodes csistoragecapacities storageclasses volumeattachments volumeattributesclasses",
      read,
    ),
    rule("networking.k8s.io", "ingressclasses", read),
    rule("scheduling.k8s.io", "priorityclasses", read),
    rule("node.k8s.io", "runtimeclasses", read),
    rule("coordination.k8s.io", "leases", read),
    rule("certificates.k8s.io", "certificatesigningrequests", read),
    rule("rbac.authorization.k8s.io", "clusterrolebindings clusterroles rolebindings roles", read),
    rule(
      "admissionregistration.k8s.io",
      "mutatingwebhookconfigurations validatingadmissionpolicies validatingadmissionpolicybindings validatingwebhookconfigurations",
      read,
    ),
    rule("apiextensions.k8s.io", "customresourcedefinitions customresourcedefinitions/status", read),
    rule("apiregistration.k8s.io", "apiservices apiservices/status", read),
    rule("flowcontrol.apiserver.k8s.io", "flowschemas prioritylevelconfigurations", read),
    path("/healthz/* /livez/* /readyz/*", ["get"]),
  ],
};

type Binding = [name: string, role: string, subject: Fields];
const group = (name: string) => ({ kind: "Group", name });
const account = (namespace: string, name: string) => ({ kind: "ServiceAccount", namespace, name });

const bindings: Binding[] = [
  ["cluster-admin", "cluster-admin", group("system:masters")],
  ["system:discovery", "system:discovery", group("system:authenticated")],
  ["system:basic-user", "system:basic-user", group("system:authenticated")],
  ["system:public-info-viewer", "system:public-info-viewer", group("system:authenticated")],
  ["kubewitness-gateway", "kubewitness-gateway", account("kubewitness", "gateway")],
  ["kubewitness-cluster-admin", "cluster-admin", group("kubewitness:cluster-admin")],
  ["kubewitness-developer", "edit", group("kubewitness:developer")],
  ["kubewitness-read-only", "view", group("kubewitness:read-only")],
  ["kubewitness-read-only-cluster", "kubewitness-read-only", group("kubewitness:read-only")],
  ["platform-team-nodes", "system:node-viewer", group("acme:platform")],
  ["prometheus", "view", account("monitoring", "prometheus")],
  ["cert-manager-controller", "cluster-admin", account("cert-manager", "cert-manager")],
];

const rbac = "rbac.authorization.k8s.io";

/** The roles that every cluster has, and who the gateway's groups are. */
export function seedClusterRoles(seed: SeedContext): void {
  for (const [name, rules] of Object.entries(roles)) {
    const bootstrapped =
      name.startsWith("system:") || ["cluster-admin", "admin", "edit", "view"].includes(name);
    const labels: Record<string, string> = bootstrapped
      ? { "kubernetes.io/bootstrapping": "rbac-defaults" }
      : {};
    seed.create(
      `${rbac}/clusterroles`,
      { metadata: { name, labels }, rules },
      bootstrapped ? "kube-apiserver" : "kubectl-create",
    );
  }
  for (const [name, role, subject] of bindings) {
    seed.create(`${rbac}/clusterrolebindings`, {
      metadata: { name },
      roleRef: { kind: "ClusterRole", name: role },
      subjects: [subject],
    });
  }
  seed.create("/serviceaccounts", { metadata: { name: "gateway", namespace: "kubewitness" } });
}

/** Roles within namespaces: who deploys there, and who only reads the logs. */
export function seedNamespaceRoles(seed: SeedContext): void {
  for (const namespace of ["payments", "checkout", "search"]) {
    seed.create(`${rbac}/roles`, {
      metadata: { name: "deployer", namespace },
      rules: [
        rule("apps", "deployments statefulsets", [...read, "patch", "update"]),
        rule("core", "configmaps secrets", read),
      ],
    });
    seed.create(`${rbac}/roles`, {
      metadata: { name: "log-reader", namespace },
      rules: [rule("core", "pods pods/log", read)],
    });
    seed.create("/serviceaccounts", { metadata: { name: "ci-deployer", namespace } });
    seed.create(`${rbac}/rolebindings`, {
      metadata: { name: "ci-deployer", namespace },
      roleRef: { kind: "Role", name: "deployer" },
      subjects: [account(namespace, "ci-deployer")],
    });
    seed.create(`${rbac}/rolebindings`, {
      metadata: { name: "support-logs", namespace },
      roleRef: { kind: "Role", name: "log-reader" },
      subjects: [group("acme:support")],
    });
  }
}
