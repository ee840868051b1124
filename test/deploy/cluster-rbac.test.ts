import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";

interface Rule {
  apiGroups?: string[];
  resources?: string[];
  verbs: string[];
}
interface Manifest {
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  rules?: Rule[];
  aggregationRule?: { clusterRoleSelectors: { matchLabels: Record<string, string> }[] };
  roleRef?: { name: string };
  subjects?: { name: string }[];
}

const file = path.resolve(import.meta.dirname, "../../deploy/cluster-rbac.yaml");
const manifests = parseAllDocuments(readFileSync(file, "utf8")).map(
  (document) => document.toJS() as Manifest,
);
const roleNamed = (name: string) =>
  manifests.find((each) => each.kind === "ClusterRole" && each.metadata.name === name);

/** The rules of this file that a group has, also by aggregation. */
function rulesOf(group: string): Rule[] {
  const bindings = manifests.filter(({ subjects }) => subjects?.some(({ name }) => name === group));
  return bindings.flatMap(({ roleRef }) => {
    const role = roleNamed(roleRef!.name);
    const selectors = role?.aggregationRule?.clusterRoleSelectors ?? [];
    const aggregated = manifests.filter(({ metadata: { labels = {} } }) =>
      selectors.some(({ matchLabels }) =>
        Object.entries(matchLabels).every(([key, value]) => labels[key] === value),
      ),
    );
    return [role, ...aggregated].flatMap((each) => each?.rules ?? []);
  });
}

function reads(group: string, resource: string, apiGroup = ""): boolean {
  return rulesOf(group).some(
    ({ apiGroups = [], resources = [], verbs }) =>
      apiGroups.includes(apiGroup) &&
      verbs.includes("list") &&
      (resources.includes(resource) || resources.includes("*")),
  );
}

describe("deploy/cluster-rbac.yaml", () => {
  // What Kubernetes 1.36 serves outside namespaces, and `view` leaves out.
  test.each([
    ...["nodes", "persistentvolumes", "namespaces"],
    ...[
      "mutatingadmissionpolicies.admissionregistration.k8s.io",
      "validatingwebhookconfigurations.admissionregistration.k8s.io",
    ],
    ...[
      "ipaddresses.networking.k8s.io",
      "servicecidrs.networking.k8s.io",
      "ingressclasses.networking.k8s.io",
    ],
    ...[
      "deviceclasses.resource.k8s.io",
      "resourceslices.resource.k8s.io",
      "volumeattributesclasses.storage.k8s.io",
    ],
    ...["clustertrustbundles.certificates.k8s.io", "storageversionmigrations.storagemigration.k8s.io"],
    ...["whatever-a-later-version-adds.scheduling.k8s.io"],
  ])("lets the role read-only look at %s", (name) => {
    const [resource = "", ...apiGroup] = name.split(".");
    expect(reads("kubewitness:read-only", resource, apiGroup.join("."))).toBe(true);
  });

  test("shows the role read-only no secret and lets it change nothing", () => {
    const rules = rulesOf("kubewitness:read-only");
    expect(rules).not.toEqual([]);
    for (const { apiGroups = [], resources = [], verbs } of rules) {
      expect(apiGroups).not.toContain("*");
      if (apiGroups.includes("")) expect(resources).not.toEqual(expect.arrayContaining(["*"]));
      expect(resources).not.toContain("secrets");
      expect(["get", "list", "watch"]).toEqual(expect.arrayContaining(verbs));
    }
  });

  test("lets the gateway impersonate, and nothing else", () => {
    expect(new Set(roleNamed("kubewitness-gateway")!.rules!.flatMap(({ verbs }) => verbs))).toEqual(
      new Set(["impersonate"]),
    );
  });
});
