// npm run bench -- decide [--rules 200] [--seconds 2]
// What one decision costs: a caller whose grants have so many rules in all, half of the grants with an end, one rule in ten a denial.
import { parseArgs } from "node:util";
import { compileDecisionTable, type DecisionTable, type GrantRow } from "../lib/access/policy/compile.ts";
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
function tableFor(matching: number): DecisionTable {
  return compileDecisionTable(Array.from({ length: roles }, (_, index) => grantNo(index, matching)));
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

/** Every tenth denies; the others differ in turn by name, resource, namespace and verb from what is asked, but for one. */
function ruleNo(index: number, matching: number): PolicyRule {
  const differs = (turn: number) => index % 4 === turn && index !== matching;
  return PolicyRule.parse({
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
  cluster: { id: "c1", name: "prod" },
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
    secondFactorAt: null,
  },
  impersonation: null,
};

const last = roles * RULES_OF_ROLE - 1;
const CASES: [string, number, boolean][] = [
  ["allowed by the first rule", 0, true],
  ["allowed by the last but one", last - 1, true],
  ["denied by the last", last, false],
  ["allowed by none", -1, false],
];

console.log(`${last + 1} rules in ${roles} grants, ${options.seconds} s each\n`);
console.log("| a call that is | CPU µs, mean | µs, median |\n|---|---:|---:|");
for (const [what, matching, allowed] of CASES) {
  const table = tableFor(matching);
  if (evaluateDecision(table, input).allowed !== allowed) throw new Error(`${what}: decided otherwise`);
  console.log(`| ${what} | ${measure(table)} |`);
}

function measure(table: DecisionTable): string {
  run(table, 500);
  const { cpu, wall } = run(table, Number(options.seconds) * 1_000);
  const median = wall.toSorted((a, b) => a - b)[Math.floor(wall.length / 2)] ?? 0;
  return `${cpu.toFixed(2)} | ${median.toFixed(2)}`;
}

/** Microseconds a decision: of this thread's CPU in all, and of the clock for each batch. */
function run(table: DecisionTable, milliseconds: number): { cpu: number; wall: number[] } {
  const wall: number[] = [];
  const used = process.threadCpuUsage();
  for (const endAt = performance.now() + milliseconds; performance.now() < endAt; ) {
    const began = performance.now();
    for (let i = 0; i < BATCH; i++) evaluateDecision(table, input);
    wall.push(((performance.now() - began) * 1_000) / BATCH);
  }
  const { user, system } = process.threadCpuUsage(used);
  return { cpu: (user + system) / (wall.length * BATCH), wall };
}
