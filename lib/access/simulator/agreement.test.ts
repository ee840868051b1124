import { expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import type { GrantRow } from "../policy/compile.ts";
import type { DecisionInput } from "../policy/decision.ts";
import { DEFAULT_RECORDING, PolicyRule } from "../policy/schema.ts";
import { explainGrant } from "./explain-grant.ts";
import { decideBy } from "./probe.ts";

// What is said of grants one by one, against what is decided by all of them.

const NAMESPACES = ["a", "b"];
const some = (values: string[]) => fc.subarray(values);
const rule = fc
  .record({
    effect: fc.constantFrom("allow" as const, "deny" as const),
    verbs: fc.subarray(["get", "delete", "*"], { minLength: 1 }),
    resources: some(["pods", "pods/exec", "secrets", "*"]),
    exceptResources: some(["secrets", "pods/*"]),
    apiGroups: some(["", "apps", "*"]),
    namespaces: some(["a", "b*"]),
    names: some(["web"]),
    clusters: some(["prod"]),
    nonResourceURLs: some(["/metrics", "*"]),
  })
  .map((each) => PolicyRule.parse(each));

const rows = fc.array(
  fc.record({
    rules: fc.array(rule, { maxLength: 4 }),
    clusterId: fc.constantFrom("c1", "c2", null),
    namespaces: some(NAMESPACES),
    isExpired: fc.boolean(),
    as: some(["bob"]),
  }),
  { maxLength: 4 },
);

const toRows = (
  made: {
    rules: PolicyRule[];
    clusterId: string | null;
    namespaces: string[];
    isExpired: boolean;
    as: string[];
  }[],
) =>
  made.map(
    ({ rules, clusterId, namespaces, isExpired, as }, index): GrantRow => ({
      grantId: `g${index}`,
      ...{ subjectKind: "user", subject: "u1", clusterId, namespaces },
      expiresAt: isExpired ? new Date(500) : null,
      role: {
        ...{ id: `r${index}`, name: `r${index}`, rules, kubernetesGroups: [], recording: DEFAULT_RECORDING },
        ...{ impersonateUsers: as, impersonateGroups: [] },
      },
    }),
  );

const input = fc
  .record({
    verb: fc.constantFrom("get", "list", "delete"),
    resource: fc.constantFrom("pods", "secrets", ""),
    subresource: fc.constantFrom("", "exec"),
    namespace: fc.constantFrom("", ...NAMESPACES),
    name: fc.constantFrom("", "web", "db"),
    as: fc.constantFrom(null, "bob"),
  })
  .map(({ as, resource, ...asked }): DecisionInput => {
    const isPath = resource === "";
    const attributes = isPath
      ? {
          isResourceRequest: false,
          path: "/metrics",
          resource: "",
          apiGroup: "",
          ...asked,
          subresource: "",
          namespace: "",
          name: "",
        }
      : { isResourceRequest: true, path: "", resource, apiGroup: "", ...asked };
    return {
      actor: {
        kind: "user",
        id: "u1",
        name: "u",
        email: "u@x",
        consoleRole: "user",
        groups: [],
        groupIds: [],
      },
      cluster: { id: "c1", name: "prod", labels: {} },
      attributes,
      circumstances: {
        time: 1_000,
        clientAddress: null,
        accessMethod: "CLI",
        sessionKind: null,
        secondFactorAt: null,
      },
      impersonation: as === null ? null : { user: as, groups: [] },
    };
  });

test("a call is allowed where one grant allows it and none denies it; each silent grant has its reasons", () => {
  fc.assert(
    fc.property(rows.map(toRows), input, (grants, asked) => {
      const decision = decideBy(grants, asked);
      const deciding = decision.allowed ? decision.grantId : null;
      const traces = grants.map((row) => ({ row, ...explainGrant(row, asked, deciding) }));
      const outcomes = traces.map(({ outcome }) => outcome);
      const isDenied = outcomes.includes("denies");
      expect(decision.allowed).toBe(!isDenied && outcomes.some((outcome) => outcome !== "silent"));
      expect(outcomes.filter((outcome) => outcome === "decides")).toHaveLength(decision.allowed ? 1 : 0);
      for (const { outcome, rule: named, why, row } of traces) {
        if (outcome === "silent") expect(why).not.toEqual([]);
        if (named)
          expect(row.role.rules[named.number - 1]?.effect).toBe(outcome === "denies" ? "deny" : "allow");
      }
    }),
  );
});
