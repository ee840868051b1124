import { autoscalerConversion } from "./autoscaler-conversion.ts";
import { eventConversion } from "./event-conversion.ts";
import { type Resource, type Subresource, storedVerbs } from "./resource.ts";

type Definition = [
  kind: string,
  resource: string,
  options?: Partial<Resource> & { cluster?: true; sub?: string },
];

const changeable = ["get", "patch", "update"];
const proxied = ["create", "delete", "get", "patch", "update"];

/** Subresources by the short word that the tables below use for them. */
function subresource(kind: string, name: string): Subresource {
  switch (name) {
    case "scale":
      return { name, verbs: changeable, kind: "Scale", group: "autoscaling", version: "v1" };
    case "attach":
    case "exec":
      return {
        name,
        verbs: ["create", "get"],
        kind: name === "exec" ? "PodExecOptions" : "PodAttachOptions",
      };
    case "portforward":
      return { name, verbs: ["create", "get"], kind: "PodPortForwardOptions" };
    case "binding":
      return { name, verbs: ["create"], kind: "Binding" };
    case "eviction":
      return { name, verbs: ["create"], kind: "Eviction", group: "policy", version: "v1" };
    case "log":
      return { name, verbs: ["get"], kind };
    case "proxy":
      return { name, verbs: proxied, kind: `${kind}ProxyOptions` };
    case "token":
      return { name, verbs: ["create"], kind: "TokenRequest", group: "authentication.k8s.io", version: "v1" };
    case "finalize":
      return { name, verbs: ["update"], kind };
    default:
      return { name, verbs: changeable, kind };
  }
}

/** Go's package name of a group, as schema/api-types.txt writes it: `rbac.authorization.k8s.io` is `rbac`. */
export function packageOf(group: string): string {
  return group === "" ? "core" : (group.split(".")[0] ?? group);
}

function define(group: string, version: string, definitions: Definition[]): Resource[] {
  return definitions.map(([kind, resource, { cluster, sub, ...options } = {}]) => ({
    group,
    version,
    kind,
    resource,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: cluster !== true,
    verbs: storedVerbs,
    subresources: (sub ?? "")
      .split(" ")
      .filter((name) => name !== "")
      .map((name) => subresource(kind, name)),
    typeName: `${packageOf(group)}/${version}.${kind}`,
    storage: `${group}/${resource}`,
    virtual: false,
    ...options,
  }));
}

const review = { verbs: ["create"], virtual: true };
const readOnly = ["get", "list"];
const all = ["all"];

/** The resources of every built-in API group, in the order in which discovery lists the groups. */
export const builtInResources: Resource[] = [
  ...define("", "v1", [
    ["Binding", "bindings", { verbs: ["create"], virtual: true }],
    ["ComponentStatus", "componentstatuses", { cluster: true, shortNames: ["cs"], verbs: readOnly }],
    ["ConfigMap", "configmaps", { shortNames: ["cm"] }],
    ["Endpoints", "endpoints", { shortNames: ["ep"], singular: "endpoints" }],
    ["Event", "events", { shortNames: ["ev"] }],
    ["LimitRange", "limitranges", { shortNames: ["limits"] }],
    [
      "Namespace",
      "namespaces",
      {
        cluster: true,
        shortNames: ["ns"],
        sub: "finalize status",
        verbs: storedVerbs.filter((verb) => verb !== "deletecollection"),
      },
    ],
    ["Node", "nodes", { cluster: true, shortNames: ["no"], sub: "proxy status" }],
    ["PersistentVolumeClaim", "persistentvolumeclaims", { shortNames: ["pvc"], sub: "status" }],
    ["PersistentVolume", "persistentvolumes", { cluster: true, shortNames: ["pv"], sub: "status" }],
    [
      "Pod",
      "pods",
      {
        shortNames: ["po"],
        categories: all,
        sub: "attach binding ephemeralcontainers eviction exec log portforward proxy resize status",
      },
    ],
    ["PodTemplate", "podtemplates"],
    [
      "ReplicationController",
      "replicationcontrollers",
      { shortNames: ["rc"], categories: all, sub: "scale status" },
    ],
    ["ResourceQuota", "resourcequotas", { shortNames: ["quota"], sub: "status" }],
    ["Secret", "secrets"],
    ["ServiceAccount", "serviceaccounts", { shortNames: ["sa"], sub: "token" }],
    ["Service", "services", { shortNames: ["svc"], categories: all, sub: "proxy status" }],
  ]),
  ...define("apiregistration.k8s.io", "v1", [
    [
      "APIService",
      "apiservices",
      { cluster: true, categories: ["api-extensions"], sub: "status", typeName: undefined },
    ],
  ]),
  ...define("apps", "v1", [
    ["ControllerRevision", "controllerrevisions"],
    ["DaemonSet", "daemonsets", { shortNames: ["ds"], categories: all, sub: "status" }],
    ["Deployment", "deployments", { shortNames: ["deploy"], categories: all, sub: "scale status" }],
    ["ReplicaSet", "replicasets", { shortNames: ["rs"], categories: all, sub: "scale status" }],
    ["StatefulSet", "statefulsets", { shortNames: ["sts"], categories: all, sub: "scale status" }],
  ]),
  ...define("events.k8s.io", "v1", [
    ["Event", "events", { shortNames: ["ev"], storage: "/events", conversion: eventConversion }],
  ]),
  ...define("authentication.k8s.io", "v1", [
    ["SelfSubjectReview", "selfsubjectreviews", { cluster: true, ...review }],
    ["TokenReview", "tokenreviews", { cluster: true, ...review }],
  ]),
  ...define("authorization.k8s.io", "v1", [
    ["LocalSubjectAccessReview", "localsubjectaccessreviews", review],
    ["SelfSubjectAccessReview", "selfsubjectaccessreviews", { cluster: true, ...review }],
    ["SelfSubjectRulesReview", "selfsubjectrulesreviews", { cluster: true, ...review }],
    ["SubjectAccessReview", "subjectaccessreviews", { cluster: true, ...review }],
  ]),
  ...define("autoscaling", "v2", [
    [
      "HorizontalPodAutoscaler",
      "horizontalpodautoscalers",
      { shortNames: ["hpa"], categories: all, sub: "status" },
    ],
  ]),
  ...define("autoscaling", "v1", [
    [
      "HorizontalPodAutoscaler",
      "horizontalpodautoscalers",
      { shortNames: ["hpa"], categories: all, sub: "status", conversion: autoscalerConversion },
    ],
  ]),
  ...define("batch", "v1", [
    ["CronJob", "cronjobs", { shortNames: ["cj"], categories: all, sub: "status" }],
    ["Job", "jobs", { categories: all, sub: "status" }],
  ]),
  ...define("certificates.k8s.io", "v1", [
    [
      "CertificateSigningRequest",
      "certificatesigningrequests",
      { cluster: true, shortNames: ["csr"], sub: "approval status" },
    ],
  ]),
  ...define("networking.k8s.io", "v1", [
    ["IngressClass", "ingressclasses", { cluster: true }],
    ["Ingress", "ingresses", { shortNames: ["ing"], sub: "status" }],
    ["NetworkPolicy", "networkpolicies", { shortNames: ["netpol"] }],
  ]),
  ...define("policy", "v1", [
    ["PodDisruptionBudget", "poddisruptionbudgets", { shortNames: ["pdb"], sub: "status" }],
  ]),
  ...define("rbac.authorization.k8s.io", "v1", [
    ["ClusterRoleBinding", "clusterrolebindings", { cluster: true }],
    ["ClusterRole", "clusterroles", { cluster: true }],
    ["RoleBinding", "rolebindings"],
    ["Role", "roles"],
  ]),
  ...define("storage.k8s.io", "v1", [
    ["CSIDriver", "csidrivers", { cluster: true }],
    ["CSINode", "csinodes", { cluster: true }],
    ["StorageClass", "storageclasses", { cluster: true, shortNames: ["sc"] }],
    ["VolumeAttachment", "volumeattachments", { cluster: true, sub: "status" }],
  ]),
  ...define("admissionregistration.k8s.io", "v1", [
    [
      "MutatingWebhookConfiguration",
      "mutatingwebhookconfigurations",
      { cluster: true, categories: ["api-extensions"] },
    ],
    [
      "ValidatingWebhookConfiguration",
      "validatingwebhookconfigurations",
      { cluster: true, categories: ["api-extensions"] },
    ],
  ]),
  ...define("apiextensions.k8s.io", "v1", [
    [
      "CustomResourceDefinition",
      "customresourcedefinitions",
      {
        cluster: true,
        shortNames: ["crd", "crds"],
        categories: ["api-extensions"],
        sub: "status",
        typeName: undefined,
      },
    ],
  ]),
  ...define("scheduling.k8s.io", "v1", [
    ["PriorityClass", "priorityclasses", { cluster: true, shortNames: ["pc"] }],
  ]),
  ...define("coordination.k8s.io", "v1", [["Lease", "leases"]]),
  ...define("node.k8s.io", "v1", [["RuntimeClass", "runtimeclasses", { cluster: true }]]),
  ...define("discovery.k8s.io", "v1", [["EndpointSlice", "endpointslices"]]),
  ...define("metrics.k8s.io", "v1beta1", [
    [
      "NodeMetrics",
      "nodes",
      { cluster: true, verbs: readOnly, singular: "", virtual: true, typeName: undefined, storage: "/nodes" },
    ],
    [
      "PodMetrics",
      "pods",
      { verbs: readOnly, singular: "", virtual: true, typeName: undefined, storage: "/pods" },
    ],
  ]),
];
