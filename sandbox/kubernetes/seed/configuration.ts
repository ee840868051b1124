import type { SeedContext } from "./seed-context.ts";

const configMaps: [namespace: string, name: string, data: Record<string, string>][] = [
  [
    "payments",
    "payments-api-config",
    {
      "application.yaml":
        "server:\n  port: 8080\n  shutdown: graceful\nproviders:\n  - name: stellar-pay\n    timeout: 4s\n  - name: northbank\n    timeout: 6s\nretries: 3\n",
      FEATURE_3DS2: "true",
    },
  ],
  ["payments", "ledger-config", { CURRENCIES: "EUR,GBP,USD", BATCH_SIZE: "500" }],
  [
    "checkout",
    "storefront-config",
    { NEXT_PUBLIC_API: "https://www.acme.example/api", CACHE_TTL: "60", THEME: "autumn" },
  ],
  ["checkout", "pricing-rules", { "rules.json": '{"vat":{"IE":0.23,"DE":0.19},"freeShippingFrom":50}\n' }],
  ["search", "synonyms", { "synonyms.txt": "sofa, couch, settee\nlamp, light\nrug, carpet\n" }],
  [
    "platform",
    "cluster-info",
    { environment: "production", owner: "platform@acme.example", region: "eu-west-1" },
  ],
  [
    "monitoring",
    "prometheus-rules",
    {
      "alerts.yaml":
        "groups:\n  - name: payments\n    rules:\n      - alert: PaymentErrors\n        expr: rate(payment_errors_total[5m]) > 0.05\n        for: 5m\n",
    },
  ],
  [
    "kube-system",
    "coredns",
    {
      Corefile:
        ".:53 {\n    errors\n    health\n    ready\n    kubernetes cluster.local in-addr.arpa ip6.arpa\n    forward . /etc/resolv.conf\n    cache 30\n    loop\n    reload\n}\n",
    },
  ],
];

/** Every value says that it is not one. */
const secrets: [namespace: string, name: string, data: Record<string, string>, type?: string][] = [
  [
    "payments",
    "payments-db",
    { DB_HOST: "postgres.payments.svc", DB_USER: "payments", DB_PASSWORD: "not-a-real-password-1" },
  ],
  [
    "payments",
    "provider-keys",
    { STELLAR_PAY_KEY: "sk_test_not_a_real_key", NORTHBANK_KEY: "nb_test_not_a_real_key" },
  ],
  [
    "payments",
    "payments-api-tls",
    { "tls.crt": "not a real certificate", "tls.key": "not a real key" },
    "kubernetes.io/tls",
  ],
  [
    "checkout",
    "storefront-tls",
    { "tls.crt": "not a real certificate", "tls.key": "not a real key" },
    "kubernetes.io/tls",
  ],
  ["checkout", "session-secret", { SESSION_KEY: "not-a-real-session-key" }],
  [
    "search",
    "search-admin",
    { username: "search-admin", password: "not-a-real-password-2" },
    "kubernetes.io/basic-auth",
  ],
  [
    "platform",
    "registry-pull",
    { ".dockerconfigjson": '{"auths":{"registry.acme.example":{"auth":"bm90LWEtcmVhbC1hdXRo"}}}' },
    "kubernetes.io/dockerconfigjson",
  ],
  ["monitoring", "grafana-admin", { "admin-user": "admin", "admin-password": "not-a-real-password-3" }],
];

export function seedConfiguration(seed: SeedContext): void {
  for (const [namespace, name, data] of configMaps)
    seed.apply("/configmaps", { metadata: { name, namespace }, data });
  for (const [namespace, name, stringData, type] of secrets) {
    seed.create("/secrets", {
      metadata: { name, namespace },
      stringData,
      ...(type === undefined ? {} : { type }),
    });
  }
  for (const namespace of ["payments", "checkout", "search"]) {
    seed.apply("networking.k8s.io/networkpolicies", {
      metadata: { name: "default-deny", namespace },
      spec: { podSelector: {}, policyTypes: ["Ingress"] },
    });
    seed.apply("/limitranges", {
      metadata: { name: "defaults", namespace },
      spec: {
        limits: [
          { type: "Container", default: { memory: "256Mi" }, defaultRequest: { cpu: "50m", memory: "64Mi" } },
        ],
      },
    });
    const quota = seed.apply("/resourcequotas", {
      metadata: { name: "team", namespace },
      spec: { hard: { "requests.cpu": "20", "requests.memory": "40Gi", pods: "60" } },
    });
    const used = { "requests.cpu": "1700m", "requests.memory": "2432Mi", pods: "9" };
    seed.updateStatus("/resourcequotas", quota, { hard: quota.spec?.hard, used }, "kube-controller-manager");
  }
  seed.create(
    "/services",
    {
      metadata: {
        name: "kubernetes",
        namespace: "default",
        labels: { component: "apiserver", provider: "kubernetes" },
      },
      spec: { clusterIP: "10.96.0.1", ports: [{ name: "https", port: 443, targetPort: 6443 }] },
    },
    "kube-apiserver",
  );
  seed.create(
    "/endpoints",
    {
      metadata: { name: "kubernetes", namespace: "default" },
      subsets: [
        { addresses: [{ ip: "10.20.0.10" }], ports: [{ name: "https", port: 6443, protocol: "TCP" }] },
      ],
    },
    "kube-apiserver",
  );
}
