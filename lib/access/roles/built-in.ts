import type { z } from "zod";
import { PolicyRule } from "../policy/schema.ts";

export interface BuiltInRole {
  name: string;
  description: string;
  rules: PolicyRule[];
  /** What the clusters bind to their own roles. */
  kubernetesGroups: string[];
  impersonateUsers: string[];
  impersonateGroups: string[];
}

const READ = ["get", "list", "watch"];
const WRITE = [...READ, "create", "update", "patch", "delete", "deletecollection"];

const allow = (rule: Omit<z.input<typeof PolicyRule>, "effect">): PolicyRule =>
  PolicyRule.parse({ effect: "allow", ...rule });

const CLUSTER_ADMIN: BuiltInRole = {
  name: "cluster-admin",
  description:
    "Everything, also in the name of others; the nodes' proxy excepted, which runs commands that nobody records.",
  rules: [
    allow({ apiGroups: ["*"], resources: ["*", "pods/proxy", "services/proxy"], verbs: ["*"] }),
    allow({ nonResourceURLs: ["*"], verbs: ["*"] }),
  ],
  kubernetesGroups: ["kubewitness:cluster-admin"],
  impersonateUsers: ["*", "system:serviceaccount:*"],
  impersonateGroups: ["*", "system:authenticated", "system:serviceaccounts", "system:serviceaccounts:*"],
};

/**
 * Kubernetes' own `edit` with what debugging needs, and without what leads to more rights: no roles and role bindings, no tokens of
 * service accounts, no proxying. Secrets are in it: whoever can create a pod can mount them.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
 */
const DEVELOPER: BuiltInRole = {
  name: "developer",
  description:
    "Work on applications: workloads, configuration, secrets, logs, exec and port-forward; no roles, no nodes.",
  rules: [
    allow({
      apiGroups: [""],
      resources: [
        ...["pods", "services", "endpoints", "configmaps", "secrets", "serviceaccounts", "events"],
        ...["persistentvolumeclaims", "replicationcontrollers", "replicationcontrollers/scale"],
      ],
      verbs: WRITE,
    }),
    allow({
      apiGroups: [""],
      resources: ["pods/exec", "pods/attach", "pods/portforward", "pods/eviction"],
      verbs: ["create"],
    }),
    allow({ apiGroups: [""], resources: ["pods/ephemeralcontainers"], verbs: ["get", "patch", "update"] }),
    allow({
      apiGroups: [""],
      resources: [
        ...["pods/log", "pods/status", "services/status", "persistentvolumeclaims/status", "namespaces"],
        ...["limitranges", "resourcequotas", "resourcequotas/status", "replicationcontrollers/status"],
      ],
      verbs: READ,
    }),
    allow({
      apiGroups: ["apps", "batch", "autoscaling", "policy", "networking.k8s.io", "discovery.k8s.io"],
      resources: [
        ...["deployments", "statefulsets", "daemonsets", "replicasets", "controllerrevisions", "*/scale"],
        ...["jobs", "cronjobs", "horizontalpodautoscalers", "poddisruptionbudgets"],
        ...["ingresses", "networkpolicies", "endpointslices"],
      ],
      verbs: WRITE,
    }),
    allow({
      apiGroups: ["apps", "batch", "autoscaling", "policy", "networking.k8s.io"],
      resources: ["*/status"],
      verbs: READ,
    }),
    allow({ apiGroups: ["events.k8s.io"], resources: ["events"], verbs: READ }),
    allow({ apiGroups: ["metrics.k8s.io"], resources: ["pods"], verbs: READ }),
    allow({
      apiGroups: ["authorization.k8s.io"],
      resources: ["localsubjectaccessreviews"],
      verbs: ["create"],
    }),
  ],
  kubernetesGroups: ["kubewitness:developer"],
  impersonateUsers: [],
  impersonateGroups: [],
};

const READ_ONLY: BuiltInRole = {
  name: "read-only",
  description: "See everything but secrets, logs included; change nothing, run nothing.",
  rules: [
    allow({ apiGroups: ["*"], resources: ["*"], exceptResources: ["secrets", "secrets/*"], verbs: READ }),
    allow({ nonResourceURLs: ["/healthz/*", "/livez/*", "/readyz/*"], verbs: ["get"] }),
  ],
  kubernetesGroups: ["kubewitness:read-only"],
  impersonateUsers: [],
  impersonateGroups: [],
};

export const BUILT_IN_ROLES: readonly BuiltInRole[] = [CLUSTER_ADMIN, DEVELOPER, READ_ONLY];
