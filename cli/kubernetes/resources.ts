/** Kinds of Kubernetes' own groups as kubectl takes them: group, then each as plural, singular and short names; `*`: without a namespace. */
const BUILT_IN: readonly [group: string, kinds: string][] = [
  [
    "",
    "*componentstatuses componentstatus cs, configmaps configmap cm, endpoints ep, events event ev, limitranges limitrange limits, *namespaces namespace ns, *nodes node no, persistentvolumeclaims persistentvolumeclaim pvc, *persistentvolumes persistentvolume pv, pods pod po, podtemplates podtemplate, replicationcontrollers replicationcontroller rc, resourcequotas resourcequota quota, secrets secret, serviceaccounts serviceaccount sa, services service svc",
  ],
  ["apiregistration.k8s.io", "*apiservices apiservice"],
  [
    "apps",
    "controllerrevisions controllerrevision, daemonsets daemonset ds, deployments deployment deploy, replicasets replicaset rs, statefulsets statefulset sts",
  ],
  ["autoscaling", "horizontalpodautoscalers horizontalpodautoscaler hpa"],
  ["batch", "cronjobs cronjob cj, jobs job"],
  ["certificates.k8s.io", "*certificatesigningrequests certificatesigningrequest csr"],
  [
    "networking.k8s.io",
    "*ingressclasses ingressclass, ingresses ingress ing, networkpolicies networkpolicy netpol",
  ],
  ["policy", "poddisruptionbudgets poddisruptionbudget pdb"],
  [
    "rbac.authorization.k8s.io",
    "*clusterrolebindings clusterrolebinding, *clusterroles clusterrole, rolebindings rolebinding, roles role",
  ],
  [
    "storage.k8s.io",
    "*csidrivers csidriver, *csinodes csinode, *storageclasses storageclass sc, *volumeattachments volumeattachment",
  ],
  [
    "admissionregistration.k8s.io",
    "*mutatingwebhookconfigurations mutatingwebhookconfiguration, *validatingwebhookconfigurations validatingwebhookconfiguration",
  ],
  ["apiextensions.k8s.io", "*customresourcedefinitions customresourcedefinition crd crds"],
  ["scheduling.k8s.io", "*priorityclasses priorityclass pc"],
  ["coordination.k8s.io", "leases lease"],
  ["node.k8s.io", "*runtimeclasses runtimeclass"],
  ["discovery.k8s.io", "endpointslices endpointslice"],
];

export interface ResourceName {
  group: string;
  /** The plural, as in paths. */
  resource: string;
  /** Null where it is not one of Kubernetes' own. */
  namespaced: boolean | null;
}

const KINDS = BUILT_IN.flatMap(([group, kinds]) =>
  kinds.split(", ").map((kind) => {
    const [plural = "", ...others] = kind.replace("*", "").split(" ");
    return { group, resource: plural, namespaced: !kind.startsWith("*"), names: [plural, ...others] };
  }),
);

/** The plurals, for completion. */
export const RESOURCE_NAMES: readonly string[] = KINDS.map(({ resource }) => resource);

/** Reads `deploy`, `deployments`, `deployments.apps` or `widgets.example.com`. Kinds of other groups need their group. */
export function readResourceName(text: string): ResourceName {
  const dot = text.indexOf(".");
  const [name, group] = dot < 0 ? [text, null] : [text.slice(0, dot), text.slice(dot + 1)];
  const known = KINDS.find(
    (kind) => kind.names.includes(name.toLowerCase()) && (group === null || group === kind.group),
  );
  if (known) return known;
  return { group: group ?? "", resource: name.toLowerCase(), namespaced: null };
}
