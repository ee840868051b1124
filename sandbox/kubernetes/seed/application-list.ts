export const registry = "registry.acme.example";

/** One service of the company: a deployment with its history, a service, and perhaps more. */
export type Application = {
  namespace: string;
  name: string;
  /** The image's versions, oldest first; each a rollout. */
  versions: string[];
  image?: string;
  replicas: number;
  port: number;
  tier: string;
  env?: Record<string, string>;
  host?: string;
  autoscale?: [least: number, most: number];
  budget?: number;
  resources?: [cpu: string, memory: string];
  sidecar?: { name: string; image: string };
  secretFrom?: string;
};

export const applications: Application[] = [
  {
    namespace: "payments",
    name: "payments-api",
    versions: ["v2.41.0", "v2.42.1", "v2.43.0"],
    replicas: 3,
    port: 8080,
    tier: "backend",
    env: { LOG_LEVEL: "info", LEDGER_URL: "http://ledger.payments.svc:8080", REGION: "eu-west-1" },
    host: "pay.acme.example",
    autoscale: [3, 8],
    budget: 2,
    sidecar: { name: "envoy", image: "envoyproxy/envoy:v1.34.1" },
    secretFrom: "payments-db",
  },
  {
    namespace: "payments",
    name: "ledger",
    versions: ["v1.18.2", "v1.19.0"],
    replicas: 2,
    port: 8080,
    tier: "backend",
    budget: 1,
    secretFrom: "payments-db",
  },
  {
    namespace: "payments",
    name: "fraud-scoring",
    versions: ["v0.9.4", "v0.9.5"],
    replicas: 2,
    port: 9090,
    tier: "ml",
    env: { MODEL: "gbm-2026-10" },
    resources: ["500m", "1Gi"],
  },
  {
    namespace: "payments",
    name: "webhook-dispatcher",
    versions: ["v1.4.0"],
    replicas: 1,
    port: 8080,
    tier: "worker",
    secretFrom: "provider-keys",
  },
  {
    namespace: "checkout",
    name: "storefront",
    versions: ["2026.11.12", "2026.11.17", "2026.11.19"],
    replicas: 3,
    port: 3000,
    tier: "frontend",
    host: "www.acme.example",
    autoscale: [3, 12],
    budget: 2,
  },
  {
    namespace: "checkout",
    name: "cart",
    versions: ["v3.7.1", "v3.8.0"],
    replicas: 2,
    port: 8080,
    tier: "backend",
    env: { REDIS_ADDR: "cart-redis:6379", CART_TTL: "72h" },
  },
  {
    namespace: "checkout",
    name: "cart-redis",
    image: "redis",
    versions: ["7.4-alpine"],
    replicas: 1,
    port: 6379,
    tier: "cache",
  },
  {
    namespace: "checkout",
    name: "pricing",
    versions: ["v5.2.0", "v5.2.3"],
    replicas: 2,
    port: 8080,
    tier: "backend",
  },
  {
    namespace: "search",
    name: "search-api",
    versions: ["v1.30.0", "v1.31.0"],
    replicas: 2,
    port: 8080,
    tier: "backend",
    host: "search.acme.example",
    env: { INDEX: "products-v12" },
  },
  { namespace: "search", name: "indexer", versions: ["v1.31.0"], replicas: 1, port: 8080, tier: "worker" },
  { namespace: "search", name: "suggest", versions: ["v0.6.2"], replicas: 1, port: 8080, tier: "backend" },
  {
    namespace: "platform",
    name: "ingress-nginx-controller",
    image: "registry.k8s.io/ingress-nginx/controller",
    versions: ["v1.12.3"],
    replicas: 2,
    port: 80,
    tier: "ingress",
  },
  {
    namespace: "platform",
    name: "image-mirror",
    versions: ["v0.3.1"],
    replicas: 1,
    port: 5000,
    tier: "infrastructure",
  },
  {
    namespace: "platform",
    name: "feature-flags",
    versions: ["v4.1.0", "v4.2.0"],
    replicas: 2,
    port: 8080,
    tier: "backend",
    host: "flags.acme.example",
  },
  {
    namespace: "monitoring",
    name: "grafana",
    image: "grafana/grafana",
    versions: ["12.2.1"],
    replicas: 1,
    port: 3000,
    tier: "observability",
    host: "grafana.acme.example",
  },
  {
    namespace: "monitoring",
    name: "kube-state-metrics",
    image: "registry.k8s.io/kube-state-metrics/kube-state-metrics",
    versions: ["v2.16.0"],
    replicas: 1,
    port: 8080,
    tier: "observability",
  },
  {
    namespace: "monitoring",
    name: "alertmanager",
    image: "quay.io/prometheus/alertmanager",
    versions: ["v0.28.1"],
    replicas: 1,
    port: 9093,
    tier: "observability",
  },
  {
    namespace: "cert-manager",
    name: "cert-manager",
    image: "quay.io/jetstack/cert-manager-controller",
    versions: ["v1.18.2"],
    replicas: 1,
    port: 9402,
    tier: "infrastructure",
  },
  {
    namespace: "kube-system",
    name: "coredns",
    image: "registry.k8s.io/coredns/coredns",
    versions: ["v1.12.0"],
    replicas: 2,
    port: 53,
    tier: "control-plane",
  },
  {
    namespace: "kube-system",
    name: "metrics-server",
    image: "registry.k8s.io/metrics-server/metrics-server",
    versions: ["v0.8.0"],
    replicas: 1,
    port: 10250,
    tier: "control-plane",
  },
  {
    namespace: "default",
    name: "hello",
    image: "nginxinc/nginx-unprivileged",
    versions: ["1.27"],
    replicas: 1,
    port: 8080,
    tier: "example",
  },
];
