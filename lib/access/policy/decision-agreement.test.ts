import { expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import type { Actor } from "../../context.ts";
import type { Circumstances } from "./circumstances.ts";
import { compileDecisionTable, type GrantRow } from "./compile.ts";
import type { DecisionInput } from "./decision.ts";
import { evaluateDecision } from "./evaluate.ts";
import { isSameDecision } from "./fingerprint.ts";
import type { RequestAttributes } from "./request-attributes.ts";
import type { PolicyRule } from "./schema.ts";
import { DEFAULT_RECORDING } from "./schema.ts";

// The compiled table against a reading of docs and schema that compiles nothing: one grant, one rule, one pattern after the other.

const NOW = 1_000;
const NAMESPACES = ["a", "ab", "b"];
const GROUPS = ["g1", "g2"];
const CLUSTERS = ["c1", "c2"];

function naiveMatches(pattern: string, text: string): boolean {
  return pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

const touchesMany = ({ namespace, verb }: RequestAttributes) =>
  namespace === "" && ["list", "watch", "deletecollection"].includes(verb);

function naiveResource(
  patterns: readonly string[],
  { resource, subresource }: RequestAttributes,
  { wildcards }: { wildcards: boolean },
): boolean {
  const named = subresource === "" ? resource : `${resource}/${subresource}`;
  const covering = subresource === "" ? ["*"] : ["*", `${resource}/*`, `*/${subresource}`];
  return patterns.some((pattern) => pattern === named || (wildcards && covering.includes(pattern)));
}

function naiveRule(rule: PolicyRule, asked: RequestAttributes, { sessionKind }: Circumstances): boolean {
  const denies = rule.effect === "deny";
  if (!rule.verbs.some((verb) => naiveMatches(verb, asked.verb))) return false;
  if (!asked.isResourceRequest) return rule.nonResourceURLs.some((url) => naiveMatches(url, asked.path));
  const seen = sessionKind !== "unwatched" && asked.subresource !== "proxy";
  const plain = asked.subresource === "";
  return (
    rule.apiGroups.some((group) => naiveMatches(group, asked.apiGroup)) &&
    naiveResource(rule.resources, asked, { wildcards: plain || seen || denies }) &&
    !naiveResource(rule.exceptResources, asked, { wildcards: plain || seen || !denies }) &&
    (rule.namespaces.length === 0 ||
      (asked.namespace === ""
        ? denies && touchesMany(asked)
        : rule.namespaces.some((each) => naiveMatches(each, asked.namespace)))) &&
    (rule.names.length === 0 ||
      (asked.name === "" ? denies : rule.names.some((each) => naiveMatches(each, asked.name))))
  );
}

/** The grant that allows what is asked, and until when; null where none does. */
function naiveDecision(rows: readonly GrantRow[], input: DecisionInput): [string, number] | null {
  const { actor, cluster, circumstances, impersonation } = input;
  if (actor.kind !== "user") throw new Error("a person asks");
  const connects = ["exec", "attach", "portforward"].includes(input.attributes.subresource);
  const asked = connects ? { ...input.attributes, verb: "create" } : input.attributes;
  const mine = rows.filter(
    (row) =>
      (row.clusterId === null || row.clusterId === cluster.id) &&
      (row.expiresAt === null || circumstances.time < row.expiresAt.getTime()) &&
      (row.subjectKind === "user" ? row.subject === actor.id : actor.groups.includes(row.subject)),
  );
  const covers = (row: GrantRow) =>
    row.namespaces.length === 0 || (asked.isResourceRequest && row.namespaces.includes(asked.namespace));
  const ruled = (row: GrantRow, effect: PolicyRule["effect"]) =>
    row.role.rules.some((rule) => rule.effect === effect && naiveRule(rule, asked, circumstances));
  if (mine.some((row) => (covers(row) || touchesMany(asked)) && ruled(row, "deny"))) return null;
  const [first] = mine
    .filter((row) => covers(row) && ruled(row, "allow"))
    .filter(({ role }) => impersonation === null || role.impersonateUsers.includes(impersonation.user))
    .sort(
      (a, b) => breadth(a) - breadth(b) || compare(a.role.name, b.role.name) || compare(a.grantId, b.grantId),
    );
  return first ? [first.grantId, first.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY] : null;
}

const breadth = (row: GrantRow) => (row.namespaces.length > 0 ? 0 : 2) + (row.clusterId === null ? 1 : 0);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const some = (values: readonly string[], { min = 0, max = 2 } = {}) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: min, maxLength: max });
/** Mostly none. */
const rarely = (values: readonly string[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, some(values));
const rule: fc.Arbitrary<PolicyRule> = fc.record({
  effect: fc.constantFrom("allow", "allow", "allow", "deny"),
  apiGroups: some(["", "apps", "*"], { min: 1 }),
  resources: some(["pods", "pods/exec", "pods/proxy", "pods/*", "*/exec", "*/console", "*", "vms/console"], {
    min: 1,
    max: 4,
  }),
  exceptResources: rarely(["pods", "*/exec", "pods/*", "*"]),
  verbs: some(["get", "list", "create", "delete", "*"], { min: 1, max: 4 }),
  namespaces: rarely(["a", "a*", "b", "*"]),
  names: rarely(["x", "x*", "y"]),
  nonResourceURLs: some(["/metrics", "/m*", "*"]),
  clusters: fc.constant([]),
  clusterLabels: fc.constant({}),
  namespaceLabels: fc.constant({}),
});
const role = fc.record({
  id: fc.constantFrom("r1", "r2", "r3"),
  rules: fc.array(rule, { minLength: 1, maxLength: 4 }),
  impersonateUsers: some(["bob"]),
});
const grant = fc.record({
  role: fc.nat(2),
  subject: fc.constantFrom("alice", "alice", "eve", ...GROUPS),
  clusterId: fc.constantFrom(null, null, ...CLUSTERS),
  namespaces: fc.oneof(fc.constant<string[]>([]), some(NAMESPACES)),
  expiresAt: fc.option(fc.integer({ min: NOW - 3, max: NOW + 3 })),
});
/** A database's worth: roles are shared by grants, and a role's id says which it is. */
const table = fc
  .tuple(fc.tuple(role, role, role), fc.array(grant, { minLength: 1, maxLength: 6 }))
  .map(([roles, grants]) =>
    grants.map(
      (each, index): GrantRow => ({
        grantId: `grant-${index}`,
        subjectKind: GROUPS.includes(each.subject) ? "group" : "user",
        subject: each.subject,
        clusterId: each.clusterId,
        namespaces: each.namespaces,
        expiresAt: each.expiresAt === null ? null : new Date(each.expiresAt),
        role: {
          ...roles[each.role]!,
          id: `role-${each.role}`,
          name: `role-${each.role}`,
          kubernetesGroups: [`of-role-${each.role}`],
          impersonateGroups: [],
          recording: DEFAULT_RECORDING,
        },
      }),
    ),
  );
const resourceRequest = fc.record({
  isResourceRequest: fc.constant(true),
  path: fc.constant("/"),
  verb: fc.constantFrom("get", "list", "list", "watch", "create", "delete"),
  apiGroup: fc.constantFrom("", "apps"),
  namespace: fc.constantFrom("", "", ...NAMESPACES),
  resource: fc.constantFrom("pods", "vms"),
  subresource: fc.constantFrom("", "exec", "proxy", "console", "log"),
  name: fc.constantFrom("", "x", "xy", "y"),
});
const pathRequest = fc.record({
  isResourceRequest: fc.constant(false),
  path: fc.constantFrom("/metrics", "/mine"),
  verb: fc.constantFrom("get", "post"),
  ...Object.fromEntries(
    ["apiGroup", "namespace", "resource", "subresource", "name"].map((name) => [name, fc.constant("")]),
  ),
}) as unknown as fc.Arbitrary<RequestAttributes>;
const question: fc.Arbitrary<DecisionInput> = fc.record({
  actor: some(GROUPS).map(
    (groups): Actor => ({
      kind: "user",
      id: "alice",
      name: "Alice",
      email: "alice@acme.example",
      consoleRole: "user",
      groups,
      groupIds: groups,
    }),
  ),
  cluster: fc.constantFrom(...CLUSTERS).map((id) => ({ id, name: id })),
  attributes: fc.oneof({ weight: 5, arbitrary: resourceRequest }, pathRequest),
  circumstances: fc.record({
    time: fc.integer({ min: NOW - 3, max: NOW + 3 }),
    clientAddress: fc.constantFrom(null, "192.0.2.1"),
    accessMethod: fc.constantFrom("CLI", "Browser"),
    sessionKind: fc.constantFrom(null, "exec", "unwatched"),
    secondFactorAt: fc.constantFrom(null, NOW - 1),
  }),
  impersonation: fc.constantFrom(null, null, null, { user: "bob", groups: [] }),
});

test("the compiled table decides as a plain reading of the rules does", () => {
  let allowed = 0;
  fc.assert(
    fc.property(table, question, (rows, input) => {
      const decision = evaluateDecision(compileDecisionTable(rows), input);
      const expected = naiveDecision(rows, input);
      expect(decision.allowed ? [decision.grantId, decision.until] : null).toEqual(expected);
      if (decision.allowed) allowed += 1;
    }),
    { numRuns: 6_000 },
  );
  expect(allowed).toBeGreaterThan(150);
});

test("a decision stands until the time that it names, and no longer", () => {
  fc.assert(
    fc.property(table, question, (rows, input) => {
      const compiled = compileDecisionTable(rows);
      const decision = evaluateDecision(compiled, input);
      if (!decision.allowed) return;
      const again = (time: number) => {
        const circumstances = { ...input.circumstances, time };
        const then = evaluateDecision(compiled, { ...input, circumstances, onlyGrantId: decision.grantId });
        return then.allowed && isSameDecision(decision, then);
      };
      for (let time = input.circumstances.time; time < Math.min(decision.until, NOW + 5); time++)
        expect(again(time)).toBe(true);
      if (decision.until < NOW + 5) expect(again(decision.until)).toBe(false);
    }),
    { numRuns: 6_000 },
  );
});
