import { compileDecisionTable, type DecisionTable, type GrantRow } from "../policy/compile.ts";
import type { Decision, DecisionInput, Permit } from "../policy/decision.ts";
import { evaluateDecision } from "../policy/evaluate.ts";
import { isOfNodes } from "../policy/scope.ts";

/** What a change would mean for one call. */
export type Comparison =
  | { kind: "same" }
  /** Today's policy says something else already than was recorded. */
  | { kind: "outdated" }
  | { kind: "untold"; why: string }
  | { kind: "refused" | "allowed" | "otherwise"; says: string };

/** Policy of one caller as it is and as it would be. */
export interface Change {
  before: DecisionTable;
  after: DecisionTable;
  /** Whether a rule of either asks when a second factor was shown. */
  asksSecondFactor: boolean;
  /** Whether one of their grants is for a node pool. */
  hasNodePools: boolean;
}

export function compileChange(before: readonly GrantRow[], after: readonly GrantRow[]): Change {
  const rows = [...before, ...after];
  return {
    before: compileDecisionTable(before),
    after: compileDecisionTable(after),
    asksSecondFactor: rows.some(({ role }) =>
      role.rules.some(({ when }) => when?.secondFactorWithin !== undefined),
    ),
    hasNodePools: rows.some(({ scope }) => scope?.kind === "nodePool"),
  };
}

/** Compares what was recorded, what today's policy says and what the changed one would. */
export function compareCall(
  change: Change,
  input: DecisionInput,
  recorded: "allowed" | "refused",
): Comparison {
  const unknown = unknownFact(change, input);
  if (unknown !== null) return { kind: "untold", why: unknown };
  const compared = compareOnce(change, input, recorded);
  if (!change.asksSecondFactor) return compared;
  const { circumstances } = input;
  const shown = { ...input, circumstances: { ...circumstances, secondFactorAt: circumstances.time } };
  return compareOnce(change, shown, recorded).kind === compared.kind
    ? compared
    : { kind: "untold", why: "whether a second factor had been shown is not recorded" };
}

function unknownFact({ before, after, hasNodePools }: Change, input: DecisionInput): string | null {
  const { cluster, attributes, namespaceLabels } = input;
  if (hasNodePools && isOfNodes(attributes)) return "which node it was about is not recorded";
  const byLabels = before.asksNamespaceLabels(cluster.id) || after.asksNamespaceLabels(cluster.id);
  if (byLabels && attributes.namespace !== "" && !namespaceLabels)
    return "the labels of its namespace are not known here";
  return null;
}

function compareOnce(
  { before, after }: Change,
  input: DecisionInput,
  recorded: "allowed" | "refused",
): Comparison {
  const [now, then] = [evaluateDecision(before, input), evaluateDecision(after, input)];
  if (now.allowed !== (recorded === "allowed")) return { kind: "outdated" };
  if (now.allowed && !then.allowed) return { kind: "refused", says: then.reason };
  if (!now.allowed && then.allowed) return { kind: "allowed", says: `role ${then.role} would allow it` };
  return isOtherwise(now, then) ? { kind: "otherwise", says: asWhom(then) } : { kind: "same" };
}

function isOtherwise(now: Decision, then: Decision): then is Permit {
  if (!now.allowed || !then.allowed) return false;
  return now.roleId !== then.roleId || JSON.stringify(now.impersonate) !== JSON.stringify(then.impersonate);
}

function asWhom({ role, impersonate: { user, groups } }: Permit): string {
  return `by role ${role}, as ${user}${groups.length > 0 ? ` in ${groups.join(", ")}` : ""}`;
}
