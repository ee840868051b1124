// npm run bench -- decide [--rules 200] [--seconds 2]
// What one decision costs: a caller whose grants have so many rules in all, half of the grants with an end, one rule in ten a denial. Every rule has
// conditions of each kind in turn, and those that are about what is asked meet them. Beside it, in the same run, a scan of the same rules with a regular
// expression a pattern, compiled once, and without the conditions: what engines with a table of patterns do.
import { parseArgs } from "node:util";
import { compileDecisionTable, type GrantRow } from "../lib/access/policy/compile.ts";
import { WEEKDAYS } from "../lib/access/policy/conditions/schema.ts";
import type { DecisionInput } from "../lib/access/policy/decision.ts";
import { evaluateDecision } from "../lib/access/policy/evaluate.ts";
import { DEFAULT_RECORDING, PolicyRule } from "../lib/access/policy/schema.ts";
import type { Actor } from "../lib/context.ts";

const { values: options } = parseArgs({
  options: { rules: { type: "string", default: "200" }, seconds: { type: "string", default: "2" } },
});
const RULES_OF_ROLE = 10;
/** So many decisions between two looks at the clock. */
const BATCH = 100;

const actor: Extract<Actor, { kind: "user" }> = {
  kind: "user",
  id: "u1",
  name: "Alice",
  email: "alice@acme.example",
  consoleRole: "user",
  groups: ["developers"],
  groupIds: ["g-developers"],
};
const roles = Math.ceil(Number(options.rules) / RULES_OF_ROLE);

/** In which the rule of that number alone matches; -1: none. */
function rowsFor(matching: number): GrantRow[] {
  return Array.from({ length: roles }, (_, index) => grantNo(index, matching));
}

function grantNo(index: number, matching: number): GrantRow {
  const rules = Array.from({ length: RULES_OF_ROLE }, (_, rule) =>
    ruleNo(index * RULES_OF_ROLE + rule, matching),
  );
  return {
    grantId: `g${index}`,
    subjectKind: index % 2 === 0 ? "user" : "group",
    subject: index % 2 === 0 ? actor.id : "g-developers",
    clusterId: "c1",
    namespaces: [],
    expiresAt: index % 2 === 0 ? new Date(Date.now() + 86_400_000) : null,
    role: {
      id: `r${index}`,
      name: `role-${String(index).padStart(4, "0")}`,
      rules,
      kubernetesGroups: [`group-${index}`],
      impersonateUsers: [],
      impersonateGroups: [],
      recording: DEFAULT_RECORDING,
    },
  };
}

/** Each is met by what is asked. */
const CONDITIONS: NonNullable<PolicyRule["when"]>[] = [
  { networks: ["10.0.0.0/8", "2001:db8::/32", "192.0.2.0/24"] },
  { hours: { from: "00:00", to: "23:59" }, weekdays: [...WEEKDAYS], timeZone: "Europe/Berlin" },
  { accessMethods: ["CLI"], secondFactorWithin: "8h" },
  { expression: 'user.groups.exists(g, g == "developers") && request.namespace.matches("^sh")' },
  { networks: ["192.0.2.0/24"], expression: 'cluster.labels.env == "prod"' },
];

/** Every tenth denies; the others differ in turn by name, resource, namespace and verb from what is asked, but for one. */
function ruleNo(index: number, matching: number): PolicyRule {
  const differs = (turn: number) => index % 4 === turn && index !== matching;
  return PolicyRule.parse({
    when: CONDITIONS[index % CONDITIONS.length],
    clusters: index % 3 === 0 ? ["prod", "staging-*"] : [],
    clusterLabels: index % 4 === 1 ? { env: ["prod", "pre-*"] } : {},
    namespaceLabels: index % 5 === 2 ? { team: "shop" } : {},
    effect: index % 10 === 9 ? "deny" : "allow",
    apiGroups: ["*"],
    resources: differs(1) ? [`kind-${index}`, "services"] : ["pods", "pods/*", "configmaps"],
    exceptResources: ["pods/attach"],
    verbs: differs(3) ? ["create", "update", "patch"] : ["get", "list", "watch"],
    namespaces: differs(2) ? [`team-${index}-*`, "other"] : [`team-${index}-*`, "shop"],
    names: differs(0) ? [`app-${index}`, `job-${index}-*`] : [],
  });
}

const input: DecisionInput = {
  actor,
  cluster: { id: "c1", name: "prod", labels: { env: "prod", region: "eu" } },
  namespaceLabels: { team: "shop", tier: "web" },
  attributes: {
    isResourceRequest: true,
    path: "/api/v1/namespaces/shop/pods/web-1",
    verb: "get",
    apiGroup: "",
    namespace: "shop",
    resource: "pods",
    subresource: "",
    name: "web-1",
  },
  circumstances: {
    time: Date.now(),
    clientAddress: "192.0.2.7",
    accessMethod: "CLI",
    sessionKind: null,
    secondFactorAt: Date.now() - 60_000,
  },
  impersonation: null,
};

const expressions = new Map<string, RegExp>();

const compile = (pattern: string) =>
  new RegExp(`^${pattern.replace(/[.\\/-]/g, "\\$&").replaceAll("*", ".*")}$`);

function matches(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => {
    const known = expressions.get(pattern) ?? compile(pattern);
    expressions.set(pattern, known);
    return known.test(text);
  });
}

/** The same rules one after the other, each by its regular expressions and without conditions: whether one allows and none denies. */
function scan(rows: readonly GrantRow[], { attributes, cluster }: DecisionInput): boolean {
  const isAbout = (rule: PolicyRule) =>
    matches(rule.verbs, attributes.verb) &&
    matches(rule.apiGroups, attributes.apiGroup) &&
    matches(rule.resources, attributes.resource) &&
    (rule.clusters.length === 0 || matches(rule.clusters, cluster.name)) &&
    (rule.namespaces.length === 0 || matches(rule.namespaces, attributes.namespace)) &&
    (rule.names.length === 0 || matches(rule.names, attributes.name));
  const about = rows.flatMap(({ role }) => role.rules).filter(isAbout);
  return about.some(({ effect }) => effect === "allow") && !about.some(({ effect }) => effect === "deny");
}

const last = roles * RULES_OF_ROLE - 1;
const CASES: [string, number, boolean][] = [
  ["allowed by the first rule", 0, true],
  ["allowed by the last but one", last - 1, true],
  ["denied by the last", last, false],
  ["allowed by none", -1, false],
];

console.log(`${last + 1} rules in ${roles} grants, ${options.seconds} s each\n`);
console.log(
  "| a call that is | CPU µs, mean | µs, median | scanned: CPU µs, mean | µs, median |\n|---|---:|---:|---:|---:|",
);
for (const [what, matching, allowed] of CASES) {
  const rows = rowsFor(matching);
  const table = compileDecisionTable(rows);
  if (evaluateDecision(table, input).allowed !== allowed) throw new Error(`${what}: decided otherwise`);
  if (scan(rows, input) !== allowed) throw new Error(`${what}: scanned otherwise`);
  const compiled = measure(() => evaluateDecision(table, input));
  console.log(`| ${what} | ${compiled} | ${measure(() => scan(rows, input))} |`);
}

function measure(decide: () => unknown): string {
  run(decide, 500);
  const { cpu, wall } = run(decide, Number(options.seconds) * 1_000);
  const median = wall.toSorted((a, b) => a - b)[Math.floor(wall.length / 2)] ?? 0;
  return `${cpu.toFixed(2)} | ${median.toFixed(2)}`;
}

/** Microseconds a decision: of this thread's CPU in all, and of the clock for each batch. */
function run(decide: () => unknown, milliseconds: number): { cpu: number; wall: number[] } {
  const wall: number[] = [];
  const used = process.threadCpuUsage();
  for (const endAt = performance.now() + milliseconds; performance.now() < endAt; ) {
    const began = performance.now();
    for (let i = 0; i < BATCH; i++) decide();
    wall.push(((performance.now() - began) * 1_000) / BATCH);
  }
  const { user, system } = process.threadCpuUsage(used);
  return { cpu: (user + system) / (wall.length * BATCH), wall };
}
