// A believable small company: who works on what, from where, with which client.

export interface Person {
  kind: "user" | "application";
  id: string;
  name: string;
  email: string;
  clientIp: string;
  client: string;
  role: string;
  groups: string[];
  /** Names of clusters and namespaces that the person works in. */
  clusters: string[];
  namespaces: string[];
  /** Share of all commands. */
  weight: number;
  /** Share of this person's commands that are refused. */
  denied: number;
}

export interface CompanyCluster {
  id: string;
  name: string;
  endpoint: string;
  tunnelAgent: string | null;
  tunnelTag: string | null;
}

const id = (n: number): string => `0193c0de-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;

export const CLUSTERS: readonly CompanyCluster[] = [
  {
    id: id(1),
    name: "prod-eu-1",
    endpoint: "https://10.64.0.1:6443",
    tunnelAgent: "eu-1-agent-b",
    tunnelTag: "eu-central",
  },
  {
    id: id(2),
    name: "prod-us-2",
    endpoint: "https://10.80.0.1:6443",
    tunnelAgent: "us-2-agent-a",
    tunnelTag: "us-east",
  },
  {
    id: id(3),
    name: "staging",
    endpoint: "https://10.96.0.1:6443",
    tunnelAgent: null,
    tunnelTag: null,
  },
];

const ALL = ["prod-eu-1", "prod-us-2", "staging"];

function person(index: number, name: string, rest: Omit<Person, "kind" | "id" | "name" | "email">): Person {
  const email = `${name.split(" ")[0]!.toLowerCase()}@acme.example`;
  return { kind: "user", id: id(100 + index), name, email, ...rest };
}

function application(
  index: number,
  name: string,
  rest: Omit<Person, "kind" | "id" | "name" | "email">,
): Person {
  return { kind: "application", id: id(200 + index), name, email: "", ...rest };
}

export const PEOPLE: readonly Person[] = [
  person(1, "Jonas Weber", {
    clientIp: "10.20.7.52",
    client: "kubectl/v1.34.2",
    role: "developer",
    groups: ["kw:developers"],
    clusters: ["prod-eu-1", "staging"],
    namespaces: ["payments", "ledger"],
    weight: 22,
    denied: 0.16,
  }),
  person(2, "Priya Raman", {
    clientIp: "10.20.4.117",
    client: "k9s/v0.50.16",
    role: "sre-oncall",
    groups: ["kw:sre"],
    clusters: ALL,
    namespaces: ["payments", "checkout", "ingress"],
    weight: 16,
    denied: 0.01,
  }),
  person(3, "Mateus Oliveira", {
    clientIp: "198.51.100.83",
    client: "Lens/2026.9.1",
    role: "developer",
    groups: ["kw:developers"],
    clusters: ["staging"],
    namespaces: ["search"],
    weight: 12,
    denied: 0.08,
  }),
  person(4, "Lena Hoffmann", {
    clientIp: "10.20.4.24",
    client: "kubectl/v1.35.0",
    role: "sre-oncall",
    groups: ["kw:sre"],
    clusters: ["prod-eu-1"],
    namespaces: ["checkout", "search", "payments"],
    weight: 11,
    denied: 0.01,
  }),
  person(5, "Aiko Tanaka", {
    clientIp: "10.20.2.9",
    client: "kubectl/v1.35.0",
    role: "platform",
    groups: ["kw:platform", "system:masters"],
    clusters: ["prod-us-2", "prod-eu-1"],
    namespaces: ["payments", "kube-system", "ingress"],
    weight: 8,
    denied: 0,
  }),
  person(6, "Chidi Okafor", {
    clientIp: "203.0.113.40",
    client: "kubectl/v1.34.2",
    role: "developer",
    groups: ["kw:developers"],
    clusters: ["prod-us-2"],
    namespaces: ["checkout"],
    weight: 7,
    denied: 0.12,
  }),
  application(1, "argocd-prod", {
    clientIp: "10.64.12.7",
    client: "argocd/v3.2.1",
    role: "deployer",
    groups: ["kw:deployers"],
    clusters: ["prod-eu-1", "prod-us-2"],
    namespaces: ["payments", "checkout", "search", "ledger"],
    weight: 34,
    denied: 0.002,
  }),
  application(2, "ci-release", {
    clientIp: "10.64.30.15",
    client: "helm/v4.0.1",
    role: "deployer",
    groups: ["kw:deployers"],
    clusters: ["staging"],
    namespaces: ["search", "checkout"],
    weight: 12,
    denied: 0.02,
  }),
];

/** Names of objects a resource has; pods have a random end besides. */
export const OBJECTS: Record<string, readonly string[]> = {
  pods: [
    "api-7d9f6c5b4",
    "worker-66c8d",
    "checkout-web-6d4f7",
    "search-api-5c9b8",
    "indexer-7f6d9",
    "ledger-84b5c",
  ],
  deployments: ["api", "worker", "checkout-web", "search-api", "search-indexer", "ledger"],
  services: ["api", "checkout-web", "search-api", "ledger"],
  configmaps: ["feature-flags", "indexer-config", "nginx-config", "app-settings"],
  secrets: ["stripe-api-key", "db-credentials", "jwt-signing-key", "registry-pull"],
  jobs: ["db-migrate-0142", "db-migrate-0141", "report-daily", "reindex-20261120"],
  replicasets: ["api-7d9f6c5b4", "checkout-web-6d4f7", "search-api-5c9b8"],
  ingresses: ["checkout", "public-api"],
  nodes: ["ip-10-64-1-17", "ip-10-64-1-23", "ip-10-64-2-8"],
  statefulsets: ["postgres", "redis"],
  certificates: ["checkout-tls", "public-api-tls"],
};

export const API_GROUPS: Record<string, string> = {
  deployments: "apps",
  replicasets: "apps",
  statefulsets: "apps",
  jobs: "batch",
  ingresses: "networking.k8s.io",
  certificates: "cert-manager.io",
};
