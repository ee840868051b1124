import type { GrantRow } from "../policy/compile.ts";
import type { DecisionInput } from "../policy/decision.ts";
import type { PolicyRule } from "../policy/schema.ts";
import {
  allowsAlone,
  findAllowingRule,
  findDenyingRule,
  isAllowedByRule,
  isCoveredIn,
  scopeOf,
} from "./probe.ts";
import { missesOf } from "./rule-misses.ts";
import { describeRule } from "./rule-words.ts";
import type { GrantTrace } from "./schema.ts";

export type GrantExplanation = Omit<GrantTrace, "grant">;

/**
 * What one grant says of a call, and why. `deciding`: the grant that the decision names.
 */
export function explainGrant(row: GrantRow, input: DecisionInput, deciding: string | null): GrantExplanation {
  const denying = findDenyingRule(row, input);
  if (denying !== null) {
    return { outcome: "denies", rule: ruleAt(row, denying), why: [`role ${row.role.name} denies it`] };
  }
  if (!allowsAlone(row, input)) return { outcome: "silent", rule: null, why: whyNot(row, input) };
  const allowing = findAllowingRule(row, input);
  const why = allowing === null ? [withoutRule(input)] : [];
  const isDeciding = row.grantId === deciding;
  return {
    outcome: isDeciding ? "decides" : "allows",
    rule: allowing === null ? null : ruleAt(row, allowing),
    why,
  };
}

/** What `evaluateDecision` allows by a grant alone. */
function withoutRule({ attributes }: DecisionInput): string {
  return attributes.resource === "namespaces"
    ? "whoever has a grant on a namespace may read it"
    : "whoever has a grant in the cluster may: every client needs it";
}

const ruleAt = ({ role }: GrantRow, index: number) => ({
  number: index + 1,
  text: describeRule(role.rules[index]!),
});

/** Everything that keeps the grant from allowing what is asked. */
function whyNot(row: GrantRow, input: DecisionInput): string[] {
  const why = [
    whyOutside(row, input),
    isCoveredIn(row, ["expiresAt"], input) ? null : `expired at ${row.expiresAt?.toISOString()}`,
    whyNoRule(row, input),
  ].filter((reason) => reason !== null);
  return why.length > 0 ? why : [refusedImpersonation(input)];
}

/** Why the grant is not for what is asked, wherever it counts; null where it is. */
function whyOutside(row: GrantRow, input: DecisionInput): string | null {
  const { cluster, attributes } = input;
  const scope = scopeOf(row);
  if (!scope.isUnderstood) return `where ${scope.words} is cannot be understood: nothing is allowed there`;
  if (!scope.reaches(cluster.id)) return `does not cover cluster ${cluster.name}`;
  if (isCoveredIn(row, ["clusterId", "namespaces", "scope"], input)) return null;
  const covered = `covers ${scope.words}`;
  if (scope.kind === "nodePool")
    return `${covered}: nodes and the pods on them; which node it is about is read from the cluster when a call is made`;
  if (!attributes.isResourceRequest) return `${covered}, and no path`;
  return attributes.namespace === ""
    ? `${covered}, and nothing outside namespaces or across all`
    : `${covered}, not ${attributes.namespace}`;
}

function refusedImpersonation({ impersonation }: DecisionInput): string {
  const { user, groups } = impersonation ?? { user: "", groups: [] };
  return `does not permit to act as ${[`user ${user}`, ...groups.map((group) => `group ${group}`)].join(", ")}`;
}

/** Why none of the role's rules allows it, by the one that comes closest; null where one does. */
function whyNoRule(row: GrantRow, input: DecisionInput): string | null {
  const allowing = row.role.rules.flatMap((rule, index) =>
    rule.effect === "allow" ? [{ rule, index }] : [],
  );
  if (allowing.length === 0) return `role ${row.role.name} has no rule that allows anything`;
  if (allowing.some(({ rule }) => isAllowedByRule(row, rule, input))) return null;
  const ofItsKind = allowing.filter(({ rule }) => speaksOf(rule, input));
  const missed = (ofItsKind.length > 0 ? ofItsKind : allowing).map(({ rule, index }) => ({
    index,
    misses: missesOf(row, rule, input),
  }));
  const [closest] = missed.sort((a, b) => a.misses.length - b.misses.length || a.index - b.index);
  return `no rule of role ${row.role.name} allows it; rule ${closest!.index + 1} comes closest: ${closest!.misses.join("; ")}`;
}

/** Whether a rule is for resources, or for paths, as what is asked is. */
const speaksOf = ({ resources, nonResourceURLs }: PolicyRule, { attributes }: DecisionInput) =>
  (attributes.isResourceRequest ? resources : nonResourceURLs).length > 0;
