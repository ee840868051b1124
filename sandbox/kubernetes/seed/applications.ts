import type { Fields } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { type Application, applications, registry } from "./application-list.ts";
import type { SeedContext } from "./seed-context.ts";

function labelsOf({ name, namespace, tier }: Application): Record<string, string> {
  return { app: name, "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": namespace, tier };
}

function imageOf(application: Application, version: string): string {
  return `${application.image ?? `${registry}/${application.namespace}/${application.name}`}:${version}`;
}

function containerOf(application: Application, version: string): Fields {
  const { name, port, env = {}, resources: [cpu, memory] = ["100m", "128Mi"], secretFrom } = application;
  const isWeb = port !== 53 && port !== 6379;
  const probe = { httpGet: { path: "/healthz", port: "http" }, initialDelaySeconds: 5 };
  return {
    name,
    image: imageOf(application, version),
    ports: [{ name: port === 53 ? "dns" : port === 6379 ? "redis" : "http", containerPort: port }],
    ...(Object.keys(env).length > 0
      ? { env: Object.entries(env).map(([key, value]) => ({ name: key, value })) }
      : {}),
    ...(secretFrom === undefined ? {} : { envFrom: [{ secretRef: { name: secretFrom } }] }),
    resources: { requests: { cpu, memory }, limits: { memory } },
    ...(isWeb ? { readinessProbe: probe, livenessProbe: probe } : {}),
  };
}

function deploymentSpec(application: Application, version: string): Fields {
  const { name, replicas, sidecar } = application;
  const containers = [containerOf(application, version)];
  if (sidecar !== undefined) containers.push({ ...sidecar, ports: [{ name: "admin", containerPort: 9901 }] });
  return {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { ...labelsOf(application), version } }, spec: { containers } },
  };
}

const dnsLabels = {
  "k8s-app": "kube-dns",
  "kubernetes.io/cluster-service": "true",
  "kubernetes.io/name": "CoreDNS",
};

function seedService(seed: SeedContext, application: Application): void {
  const { namespace, name, port } = application;
  const isDns = port === 53;
  seed.apply("/services", {
    metadata: {
      name: isDns ? "kube-dns" : name,
      namespace,
      labels: { ...labelsOf(application), ...(isDns ? dnsLabels : {}) },
    },
    spec: {
      selector: { app: name },
      ...(isDns ? { clusterIP: "10.96.0.10" } : {}),
      ...(name === "ingress-nginx-controller" ? { type: "LoadBalancer" } : {}),
      ports: isDns
        ? [
            { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
            { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
          ]
        : [
            {
              name: port === 6379 ? "redis" : "http",
              port: port === 3000 ? 80 : port,
              targetPort: port === 6379 ? "redis" : "http",
            },
          ],
    },
  });
}

function seedExtras(seed: SeedContext, application: Application): void {
  const { namespace, name, host, autoscale, budget } = application;
  if (host !== undefined) {
    seed.apply("networking.k8s.io/ingresses", {
      metadata: {
        name,
        namespace,
        labels: labelsOf(application),
        annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" },
      },
      spec: {
        ingressClassName: "nginx",
        tls: [{ hosts: [host], secretName: `${name}-tls` }],
        rules: [
          {
            host,
            http: {
              paths: [
                { path: "/", pathType: "Prefix", backend: { service: { name, port: { name: "http" } } } },
              ],
            },
          },
        ],
      },
    });
  }
  if (autoscale !== undefined) {
    seed.apply("autoscaling/horizontalpodautoscalers", {
      metadata: { name, namespace },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
        minReplicas: autoscale[0],
        maxReplicas: autoscale[1],
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
          },
        ],
      },
    });
  }
  if (budget !== undefined) {
    seed.apply("policy/poddisruptionbudgets", {
      metadata: { name, namespace },
      spec: { minAvailable: budget, selector: { matchLabels: { app: name } } },
    });
  }
}

/** The first version of everything. */
export function seedApplications(seed: SeedContext): void {
  for (const application of applications) {
    const { namespace, name, versions } = application;
    const annotations = { "kubernetes.io/change-cause": `release ${versions[0]}` };
    seed.apply("apps/deployments", {
      metadata: { name, namespace, labels: labelsOf(application), annotations },
      spec: deploymentSpec(application, versions[0] ?? "latest"),
    });
    seedService(seed, application);
    seedExtras(seed, application);
  }
}

/** Rolls every application that has one out to its next version. */
export function seedRelease(seed: SeedContext, index: number, last = false): void {
  for (const application of applications) {
    const version = application.versions[index];
    if (version === undefined || (application.versions.length - 1 === index) !== last) continue;
    const { namespace, name } = application;
    const deployment = seed.cluster.store.get("apps/deployments", namespace, name);
    if (deployment === undefined) continue;
    seed.update("apps/deployments", deployment, (current): KubeObject => {
      const annotations = {
        ...current.metadata.annotations,
        "kubernetes.io/change-cause": `release ${version}`,
      };
      const spec = { ...current.spec, template: deploymentSpec(application, version).template };
      return { ...current, metadata: { ...current.metadata, annotations }, spec };
    });
    seed.settle(30_000);
  }
}

/** What load balancers and autoscalers report. */
export function seedObservedState(seed: SeedContext): void {
  const address = { ingress: [{ ip: "203.0.113.80" }] };
  for (const ingress of seed.cluster.store.list("networking.k8s.io/ingresses")) {
    seed.updateStatus(
      "networking.k8s.io/ingresses",
      ingress,
      { loadBalancer: address },
      "nginx-ingress-controller",
    );
  }
  const balancer = seed.cluster.store.get("/services", "platform", "ingress-nginx-controller");
  if (balancer !== undefined)
    seed.updateStatus("/services", balancer, { loadBalancer: address }, "cloud-controller-manager");
  for (const [index, autoscaler] of seed.cluster.store
    .list("autoscaling/horizontalpodautoscalers")
    .entries()) {
    const minReplicas = Number(autoscaler.spec?.minReplicas ?? 1);
    const current = { averageUtilization: 34 + 11 * index, averageValue: `${34 + 11 * index}m` };
    seed.updateStatus(
      "autoscaling/horizontalpodautoscalers",
      autoscaler,
      {
        currentReplicas: minReplicas,
        desiredReplicas: minReplicas,
        currentMetrics: [{ type: "Resource", resource: { name: "cpu", current } }],
      },
      "kube-controller-manager",
    );
  }
}
