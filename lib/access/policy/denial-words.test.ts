import { expect, test } from "vitest";
import type { Actor } from "../../context.ts";
import type { Circumstances } from "./circumstances.ts";
import { compileDecisionTable, type GrantRow } from "./compile.ts";
import { evaluateDecision } from "./evaluate.ts";
import { DEFAULT_RECORDING, PolicyRule } from "./schema.ts";

// What somebody is told whose role would allow a call under other circumstances: what it asks for, and what to do.

const ANN: Actor = {
  ...{ kind: "user", id: "ann", name: "Ann", email: "ann@acme.example", consoleRole: "user" },
  ...{ groups: [], groupIds: [] },
};
const SATURDAY_NIGHT = Date.parse("2026-11-28T23:30:00Z");

function rowOf(name: string, rules: object[]): GrantRow {
  const nobody = { impersonateUsers: [], impersonateGroups: [] };
  return {
    ...{
      grantId: `g-${name}`,
      subjectKind: "user",
      subject: "ann",
      clusterId: null,
      namespaces: [],
      expiresAt: null,
    },
    role: {
      ...{ id: name, name, kubernetesGroups: [], ...nobody, recording: DEFAULT_RECORDING },
      rules: rules.map((rule) => PolicyRule.parse(rule)),
    },
  };
}

function refusal(rows: GrantRow[], circumstances: Partial<Circumstances> = {}): string {
  const decision = evaluateDecision(compileDecisionTable(rows), {
    actor: ANN,
    cluster: { id: "c", name: "prod", labels: {} },
    attributes: {
      ...{
        isResourceRequest: true,
        path: "",
        verb: "delete",
        apiGroup: "",
        namespace: "shop",
        resource: "pods",
      },
      ...{ subresource: "", name: "web" },
    },
    circumstances: {
      ...{ time: SATURDAY_NIGHT, clientAddress: "198.51.100.1", accessMethod: "CLI", sessionKind: null },
      ...{ secondFactorAt: null, ...circumstances },
    },
    impersonation: null,
  });
  if (decision.allowed) throw new Error("it is allowed");
  return decision.reason.slice(decision.reason.indexOf(": ") + 2);
}

const PODS = { effect: "allow", apiGroups: [""], resources: ["pods"], verbs: ["*"] };

test.each([
  [
    { networks: ["10.0.0.0/8", "2001:db8::/32"] },
    "from 10.0.0.0/8, 2001:db8::/32, and you call from 198.51.100.1",
  ],
  [
    { hours: { from: "08:00", to: "18:00" }, weekdays: ["mon", "fri"], timeZone: "Europe/Berlin" },
    "from 08:00 to 18:00 on mon, fri (Europe/Berlin)",
  ],
  [{ accessMethods: ["Browser"] }, "in the web shell"],
  [{ secondFactorWithin: "15m" }, /^within 15m after you showed a second factor; .*My security/],
  [{ expression: 'cluster.labels.env == "test"' }, "under a condition that is not met"],
])("%j", (when, words) => {
  const told = refusal([rowOf("on-call", [{ ...PODS, when }])]);
  expect(told).toMatch(/^role on-call allows it only /);
  expect(told.slice("role on-call allows it only ".length)).toMatch(words);
});

test("only what is not met is said, of each role that would allow it", () => {
  const office = { networks: ["198.51.100.0/24"], accessMethods: ["Browser"] };
  const rows = [
    rowOf("desk", [{ ...PODS, when: office }]),
    rowOf("night", [{ ...PODS, when: { networks: ["10.0.0.0/8"] } }]),
  ];
  expect(refusal(rows)).toBe(
    "role desk allows it only in the web shell; or role night allows it only from 10.0.0.0/8, and you call from 198.51.100.1",
  );
});

test("labels of the namespace that nobody knows are said where a rule goes by them", () => {
  expect(refusal([rowOf("team", [{ ...PODS, namespaceLabels: { team: "web" } }])])).toBe(
    'role team does not allow it; the labels of the namespace "shop", by which a rule goes, are not known: there is none, or the cluster has not told them yet',
  );
});

test("a denial says what its rule says of itself", () => {
  const freeze = { ...PODS, effect: "deny", description: "no deletions while we migrate" };
  expect(refusal([rowOf("dev", [PODS]), rowOf("freeze", [freeze])])).toBe(
    "role freeze denies it: no deletions while we migrate",
  );
});

test("a deny rule whose expression fails, or whose labels nobody knows, denies", () => {
  const failing = { ...PODS, effect: "deny", when: { expression: 'cluster.labels.env == "test"' } };
  expect(refusal([rowOf("dev", [PODS]), rowOf("guard", [failing])])).toMatch(/^role guard denies it/);
  const labelled = { ...PODS, effect: "deny", namespaceLabels: { frozen: "true" } };
  expect(refusal([rowOf("dev", [PODS]), rowOf("guard", [labelled])])).toBe(
    'role guard denies it, or would if it knew the labels of the namespace "shop", which the cluster has not told yet',
  );
});
