import type { SeedContext } from "./seed-context.ts";

const system = ["kube-system", "kube-public", "kube-node-lease", "default"];

const teams: Record<string, string> = {
  payments: "payments",
  checkout: "storefront",
  search: "discovery",
  platform: "platform",
  monitoring: "platform",
  "cert-manager": "platform",
  kubewitness: "platform",
};

export function seedNamespaces(seed: SeedContext): void {
  for (const name of system) seed.create("/namespaces", { metadata: { name } }, "kube-apiserver");
  for (const [name, team] of Object.entries(teams)) {
    seed.create("/namespaces", {
      metadata: { name, labels: { team, "pod-security.kubernetes.io/enforce": "baseline" } },
    });
  }
  const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
  seed.create("storage.k8s.io/storageclasses", {
    metadata: { name: "gp3", annotations },
    provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3", encrypted: "true" },
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  });
  seed.create("networking.k8s.io/ingressclasses", {
    metadata: { name: "nginx" },
    spec: { controller: "k8s.io/ingress-nginx" },
  });
  const priorities: [string, number, string][] = [
    ["system-cluster-critical", 2_000_000_000, "Used for system critical pods that must run in the cluster."],
    [
      "system-node-critical",
      2_000_001_000,
      "Used for system critical pods that must not be moved from their node.",
    ],
    ["revenue-critical", 100_000, "What takes money from customers."],
  ];
  for (const [name, value, description] of priorities) {
    seed.create("scheduling.k8s.io/priorityclasses", {
      metadata: { name },
      value,
      description,
      preemptionPolicy: "PreemptLowerPriority",
    });
  }
}
