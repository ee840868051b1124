import type { SeedContext } from "./seed-context.ts";

const text = { type: "string" };

const certificateSchema = {
  type: "object",
  description:
    "A Certificate resource should be created to ensure an up to date and signed X.509 certificate is stored in the Kubernetes Secret resource named in `spec.secretName`.",
  required: ["spec"],
  properties: {
    apiVersion: text,
    kind: text,
    metadata: { type: "object" },
    spec: {
      type: "object",
      required: ["issuerRef", "secretName"],
      properties: {
        secretName: {
          ...text,
          description: "Name of the Secret resource that will be automatically created and managed.",
        },
        dnsNames: { type: "array", items: text, description: "Requested DNS subject alternative names." },
        duration: { ...text, description: "Requested 'duration' (i.e. lifetime) of the Certificate." },
        issuerRef: {
          type: "object",
          required: ["name"],
          properties: { name: text, kind: text, group: text },
          description: "Reference to the issuer responsible for issuing the certificate.",
        },
      },
    },
    status: {
      type: "object",
      properties: {
        conditions: {
          type: "array",
          items: {
            type: "object",
            required: ["status", "type"],
            properties: {
              type: text,
              status: text,
              reason: text,
              message: text,
              lastTransitionTime: { ...text, format: "date-time" },
            },
          },
          "x-kubernetes-list-map-keys": ["type"],
          "x-kubernetes-list-type": "map",
        },
        notAfter: { ...text, format: "date-time" },
        renewalTime: { ...text, format: "date-time" },
        revision: { type: "integer" },
      },
    },
  },
};

const columns = [
  { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type == "Ready")].status' },
  { name: "Secret", type: "string", jsonPath: ".spec.secretName" },
  { name: "Issuer", type: "string", jsonPath: ".spec.issuerRef.name", priority: 1 },
  {
    name: "Status",
    type: "string",
    jsonPath: '.status.conditions[?(@.type == "Ready")].message',
    priority: 1,
  },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
];

export function seedDefinitions(seed: SeedContext): void {
  seed.create("apiextensions.k8s.io/customresourcedefinitions", {
    metadata: { name: "certificates.cert-manager.io", labels: { app: "cert-manager" } },
    spec: {
      group: "cert-manager.io",
      names: {
        kind: "Certificate",
        listKind: "CertificateList",
        plural: "certificates",
        singular: "certificate",
        shortNames: ["cert", "certs"],
        categories: ["cert-manager"],
      },
      scope: "Namespaced",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: certificateSchema },
        },
      ],
    },
  });
}

const certificates: [namespace: string, name: string, host: string, ready: boolean][] = [
  ["payments", "payments-api-tls", "pay.acme.example", true],
  ["checkout", "storefront-tls", "www.acme.example", true],
  ["search", "search-api-tls", "search.acme.example", true],
  ["platform", "feature-flags-tls", "flags.acme.example", true],
  ["monitoring", "grafana-tls", "grafana.acme.example", false],
];

export function seedCertificates(seed: SeedContext): void {
  for (const [namespace, name, host, ready] of certificates) {
    const certificate = seed.apply("cert-manager.io/certificates", {
      metadata: { name, namespace },
      spec: {
        secretName: name,
        dnsNames: [host],
        duration: "2160h",
        issuerRef: { kind: "ClusterIssuer", name: "letsencrypt" },
      },
    });
    const now = seed.cluster.now();
    const inDays = (days: number) =>
      `${new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 19)}Z`;
    const condition = {
      type: "Ready",
      status: ready ? "True" : "False",
      reason: ready ? "Ready" : "DoesNotExist",
      message: ready
        ? "Certificate is up to date and has not expired"
        : `Issuing certificate as Secret does not exist`,
      lastTransitionTime: inDays(0),
    };
    const dates = ready ? { notAfter: inDays(90), renewalTime: inDays(60), revision: 1 } : {};
    seed.updateStatus(
      "cert-manager.io/certificates",
      certificate,
      { conditions: [condition], ...dates },
      "cert-manager",
    );
  }
  for (const service of ["v1.apps", "v1.batch", "v1.cert-manager.io", "v1beta1.metrics.k8s.io"])
    seedApiService(seed, service);
}

function seedApiService(seed: SeedContext, name: string): void {
  const [version = "", ...group] = name.split(".");
  const service = name.includes("metrics")
    ? { service: { namespace: "kube-system", name: "metrics-server", port: 443 } }
    : {};
  const object = seed.create(
    "apiregistration.k8s.io/apiservices",
    {
      metadata: { name },
      spec: { group: group.join("."), version, groupPriorityMinimum: 100, versionPriority: 100, ...service },
    },
    "kube-apiserver",
  );
  const local = Object.keys(service).length === 0;
  const condition = {
    type: "Available",
    status: "True",
    reason: local ? "Local" : "Passed",
    message: local ? "Local APIServices are always available" : "all checks passed",
  };
  seed.updateStatus(
    "apiregistration.k8s.io/apiservices",
    object,
    { conditions: [condition] },
    "kube-apiserver",
  );
}
