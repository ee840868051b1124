import type { SeedContext } from "./seed-context.ts";

function claim(size: string, name = "data") {
  return {
    metadata: { name },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "gp3",
      resources: { requests: { storage: size } },
    },
  };
}

type StatefulSeed = {
  namespace: string;
  name: string;
  image: string;
  port: number;
  replicas: number;
  size: string;
  mount: string;
};

const sets: StatefulSeed[] = [
  {
    namespace: "payments",
    name: "postgres",
    image: "postgres:17.6",
    port: 5432,
    replicas: 2,
    size: "50Gi",
    mount: "/var/lib/postgresql/data",
  },
  {
    namespace: "search",
    name: "opensearch",
    image: "opensearchproject/opensearch:2.19.3",
    port: 9200,
    replicas: 2,
    size: "100Gi",
    mount: "/usr/share/opensearch/data",
  },
  {
    namespace: "monitoring",
    name: "prometheus",
    image: "quay.io/prometheus/prometheus:v3.7.1",
    port: 9090,
    replicas: 1,
    size: "80Gi",
    mount: "/prometheus",
  },
];

/** The databases: stateful sets with volumes, each with a headless service. */
export function seedStatefulSets(seed: SeedContext): void {
  for (const { namespace, name, image, port, replicas, size, mount } of sets) {
    const labels = { app: name, "app.kubernetes.io/name": name };
    seed.apply("/services", {
      metadata: { name, namespace, labels },
      spec: { clusterIP: "None", selector: { app: name }, ports: [{ name: "main", port, targetPort: port }] },
    });
    seed.apply("apps/statefulsets", {
      metadata: { name, namespace, labels },
      spec: {
        serviceName: name,
        replicas,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name,
                image,
                ports: [{ name: "main", containerPort: port }],
                resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "2Gi" } },
                volumeMounts: [{ name: "data", mountPath: mount }],
              },
            ],
          },
        },
        volumeClaimTemplates: [claim(size)],
      },
    });
  }
}

type DaemonSeed = { namespace: string; name: string; image: string; port?: number };

const daemons: DaemonSeed[] = [
  { namespace: "kube-system", name: "kube-proxy", image: "registry.k8s.io/kube-proxy:v1.33.4" },
  { namespace: "kube-system", name: "kube-flannel", image: "ghcr.io/flannel-io/flannel:v0.27.2" },
  {
    namespace: "monitoring",
    name: "node-exporter",
    image: "quay.io/prometheus/node-exporter:v1.9.1",
    port: 9100,
  },
];

export function seedDaemonSets(seed: SeedContext): void {
  for (const { namespace, name, image, port } of daemons) {
    const labels = { app: name, "app.kubernetes.io/name": name };
    const ports = port === undefined ? {} : { ports: [{ name: "metrics", containerPort: port }] };
    seed.apply("apps/daemonsets", {
      metadata: { name, namespace, labels },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels },
          spec: {
            hostNetwork: true,
            nodeSelector: { "kubernetes.io/os": "linux" },
            tolerations: [{ operator: "Exists" }],
            containers: [{ name, image, ...ports }],
          },
        },
      },
    });
  }
}
