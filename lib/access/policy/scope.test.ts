import { describe, expect, test } from "vitest";
import type { Circumstances } from "./circumstances.ts";
import { compileDecisionTable, type GrantRow } from "./compile.ts";
import { evaluateDecision } from "./evaluate.ts";
import { DEFAULT_RECORDING, PolicyRule } from "./schema.ts";
import { compileScope, type NamespacesPart, type ScopeFacts, type ScopeRow } from "./scope.ts";

const facts = (more: Partial<ScopeFacts> = {}): ScopeFacts => ({
  clusterId: "c1",
  namespaceLabels: null,
  nodeLabels: null,
  ...more,
});
const asked = (
  resource: string,
  namespace = "",
  more: { verb?: string; name?: string; apiGroup?: string } = {},
) => ({
  ...{ isResourceRequest: true, path: "/", verb: "get", apiGroup: "", subresource: "", name: "" },
  ...{ resource, namespace, ...more },
});
const path = { ...asked(""), isResourceRequest: false, path: "/metrics" };

const project = (parts: NamespacesPart[]) => compileScope({ kind: "project", name: "p", parts });
const part = (namespaces: string[], namespaceLabels = {}, clusterIds = ["c1"]) => ({
  clusterIds,
  namespaces,
  namespaceLabels,
});

describe("a project", () => {
  test("has the namespaces of its members, on their clusters", () => {
    const scope = project([part(["a", "team-*"]), part(["b"], {}, ["c2"])]);
    expect(scope.covers(asked("pods", "a"), facts())).toBe(true);
    expect(scope.covers(asked("pods", "team-x"), facts())).toBe(true);
    expect(scope.covers(asked("pods", "b"), facts())).toBe(false);
    expect(scope.covers(asked("pods", "b"), facts({ clusterId: "c2" }))).toBe(true);
    expect(["c1", "c2", "c3"].map(scope.reaches)).toEqual([true, true, false]);
    expect(scope.namespacesOn("c1")).toEqual(["a"]);
  });

  test("has nothing outside namespaces, and what spans them is not known to be its own", () => {
    const scope = project([part(["*"])]);
    expect(scope.covers(path, facts())).toBe(false);
    expect(scope.covers(asked("nodes", "", { name: "n" }), facts())).toBe(false);
    expect(scope.covers(asked("pods", "", { verb: "list" }), facts())).toBe(null);
  });

  test("does not know what goes by labels that are not known; names and labels both hold", () => {
    const scope = project([part(["team-*"], { team: "a" })]);
    expect(scope.covers(asked("pods", "team-x"), facts())).toBe(null);
    expect(scope.covers(asked("pods", "other"), facts())).toBe(false);
    expect(scope.covers(asked("pods", "team-x"), facts({ namespaceLabels: { team: "b" } }))).toBe(false);
    expect(scope.covers(asked("pods", "team-x"), facts({ namespaceLabels: { team: "a" } }))).toBe(true);
    expect(
      scope.covers(asked("pods", "team-x"), facts({ namespaceLabels: Object.create({ team: "a" }) })),
    ).toBe(false);
    expect(scope.namesNamespace("team-x", facts())).toBe(false);
    const also = project([part(["x"], { team: "a" }), part(["x"])]);
    expect(also.covers(asked("pods", "x"), facts())).toBe(true);
  });
});

test("a node pool has nodes and pods whose node's labels are known, and no other kind", () => {
  const parts = [{ clusterIds: ["c1"], nodeLabels: { pool: "gpu" } }];
  const scope = compileScope({ kind: "nodePool", id: "n", name: "gpu", parts });
  const gpu = facts({ nodeLabels: { pool: "gpu", zone: "a" } });
  for (const resource of ["nodes", "pods"]) {
    expect(scope.covers(asked(resource, "x", { name: "y" }), gpu)).toBe(true);
    expect(scope.covers(asked(resource, "x", { name: "y" }), facts({ nodeLabels: { pool: "cpu" } }))).toBe(
      false,
    );
    expect(scope.covers(asked(resource, "x", { name: "y" }), facts())).toBe(null);
    expect(scope.covers(asked(resource, "x", { apiGroup: "metrics.k8s.io" }), gpu)).toBe(false);
  }
  expect(scope.covers(asked("configmaps", "x"), gpu)).toBe(false);
  expect(scope.covers(path, gpu)).toBe(false);
});

describe("decisions", () => {
  const cluster = { id: "c1", name: "prod" };
  const actor = { kind: "application", id: "app", name: "app", consoleRole: "user" } as const;
  const circumstances: Circumstances = {
    ...{ time: 0, clientAddress: null, accessMethod: "CLI", sessionKind: null, secondFactorAt: null },
  };
  const rule = (effect: "allow" | "deny", resources: string[]) =>
    PolicyRule.parse({ effect, apiGroups: ["*"], resources, verbs: ["*"] });
  const grant = (id: string, scope: ScopeRow, rules = [rule("allow", ["*"])]): GrantRow => ({
    ...{
      grantId: id,
      subjectKind: "application",
      subject: "app",
      clusterId: null,
      namespaces: [],
      expiresAt: null,
    },
    scope,
    role: {
      ...{ id, name: id, rules, kubernetesGroups: [], impersonateUsers: [], impersonateGroups: [] },
      recording: DEFAULT_RECORDING,
    },
  });
  const decide = (grants: GrantRow[], attributes: ReturnType<typeof asked>, more = {}) =>
    evaluateDecision(compileDecisionTable(grants), {
      ...{ actor, cluster, attributes, circumstances, impersonation: null, ...more },
    });
  const everywhere: ScopeRow = { kind: "cluster", clusterId: null, namespaces: [] };
  const labelled: ScopeRow = { kind: "project", name: "p", parts: [part([], { team: "a" })] };

  test("a denial counts where its grant may cover the call, an allowance where it does", () => {
    const denying = [grant("all", everywhere), grant("no-secrets", labelled, [rule("deny", ["secrets"])])];
    expect(decide(denying, asked("secrets", "x", { name: "s" })).allowed).toBe(false);
    expect(
      decide(denying, asked("secrets", "x", { name: "s" }), { namespaceLabels: { team: "b" } }).allowed,
    ).toBe(true);
    expect(decide(denying, asked("secrets", "", { verb: "list" })).allowed).toBe(false);
    expect(decide([grant("some", labelled)], asked("pods", "x", { name: "s" })).allowed).toBe(false);
  });

  test("what is not understood allows nothing, not even discovery, and denies", () => {
    const unknown: ScopeRow = { kind: "project", name: "newer", parts: null };
    const discovery = { ...path, path: "/api" };
    expect(decide([grant("some", unknown)], discovery).allowed).toBe(false);
    expect(decide([grant("some", unknown)], asked("pods", "x")).allowed).toBe(false);
    const denying = [grant("all", everywhere), grant("no-secrets", unknown, [rule("deny", ["secrets"])])];
    expect(decide(denying, asked("secrets", "x")).allowed).toBe(false);
  });

  test("the same call is allowed by the same grant: by the one that says most precisely what it is for", () => {
    const named: ScopeRow = { kind: "project", name: "p", parts: [part(["x"])] };
    const order: [string, ScopeRow][] = [
      ["f-everything", everywhere],
      ["e-cluster", { kind: "cluster", clusterId: "c1", namespaces: [] }],
      ["d-namespace", { kind: "cluster", clusterId: null, namespaces: ["x"] }],
      ["c-department", { ...named, kind: "department" }],
      ["b-project", named],
      ["a-namespace", { kind: "cluster", clusterId: "c1", namespaces: ["x"] }],
    ];
    for (let count = 1; count <= order.length; count += 1) {
      const grants = order.slice(0, count).map(([id, scope]) => grant(id, scope));
      for (const rows of [grants, grants.toReversed()])
        expect(decide(rows, asked("pods", "x"))).toMatchObject({
          allowed: true,
          grantId: order[count - 1]![0],
        });
    }
  });
});
