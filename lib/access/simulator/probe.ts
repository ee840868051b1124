import { compileDecisionTable, type GrantRow } from "../policy/compile.ts";
import type { Decision, DecisionInput } from "../policy/decision.ts";
import { evaluateDecision } from "../policy/evaluate.ts";
import { PolicyRule } from "../policy/schema.ts";
import { compileScope, type Scope } from "../policy/scope.ts";

// Whatever is said of a grant or of a rule is what `evaluateDecision` says of a table in which it stands alone, or with all else opened: there
// is one reading of policies.

type Role = GrantRow["role"];

/** What is decided where there are no other grants than these. */
export function decideBy(rows: readonly GrantRow[], input: DecisionInput): Decision {
  return evaluateDecision(compileDecisionTable(rows), input);
}

const isAllowedBy = (row: GrantRow, input: DecisionInput) => decideBy([row], input).allowed;

/** The grant with only these of its role's rules. */
const withRules = (row: GrantRow, rules: readonly PolicyRule[]): GrantRow => withRole(row, { rules });

function withRole(row: GrantRow, change: Partial<Role>): GrantRow {
  return { ...row, role: { ...row.role, ...change } };
}

/** A rule that allows everything that is asked, of which parts may be given. */
export function openRule({ attributes }: DecisionInput, given: Partial<PolicyRule> = {}): PolicyRule {
  const { resource, subresource } = attributes;
  // What passes unwatched must be named.
  const named = subresource === "" ? [] : [`${resource}/${subresource}`];
  const open = { effect: "allow", verbs: ["*"], apiGroups: ["*"], nonResourceURLs: ["*"] };
  return PolicyRule.parse({ ...open, resources: ["*", ...named], ...given });
}

/** The grant for everything, everywhere, without end and in anybody's name, of which parts may be given. */
function openGrant(row: GrantRow, input: DecisionInput, given: Partial<GrantRow> = {}): GrantRow {
  const anybody = [input.impersonation?.user ?? "", ...(input.impersonation?.groups ?? [])];
  const open = withRole(row, {
    rules: [openRule(input)],
    impersonateUsers: anybody,
    impersonateGroups: anybody,
  });
  return { ...open, clusterId: null, namespaces: [], scope: null, expiresAt: null, ...given };
}

/** Whether what is asked is allowed by a grant that is open but for these parts of `row`. */
export function isCoveredIn(
  row: GrantRow,
  parts: readonly (keyof GrantRow)[],
  input: DecisionInput,
): boolean {
  const given = Object.fromEntries(parts.map((part) => [part, row[part]]));
  return isAllowedBy(openGrant(row, input, given), input);
}

/** Where the grant counts. */
export function scopeOf({ scope, clusterId, namespaces }: GrantRow): Scope {
  return compileScope(scope ?? { kind: "cluster", clusterId, namespaces });
}

/** Whether an open grant allows what is asked where its one rule is this. */
export function isAllowedByRule(row: GrantRow, rule: PolicyRule, input: DecisionInput): boolean {
  return isAllowedBy(withRules(openGrant(row, input), [rule]), input);
}

/** The first of the role's rules by which the grant, alone, allows what is asked; null where none does or none is needed. */
export function findAllowingRule(row: GrantRow, input: DecisionInput): number | null {
  if (isAllowedBy(withRules(row, []), input)) return null;
  const index = row.role.rules.findIndex(
    (rule) => rule.effect === "allow" && isAllowedBy(withRules(row, [rule]), input),
  );
  return index === -1 ? null : index;
}

/** The first of the role's deny rules by which the grant refuses what is asked, whatever else allows it; null where none does. */
export function findDenyingRule(row: GrantRow, input: DecisionInput): number | null {
  const open = { ...openGrant(row, input), grantId: "open" };
  const alone = { ...open, role: { ...open.role, id: "open" } };
  const index = row.role.rules.findIndex(
    (rule) => rule.effect === "deny" && !decideBy([alone, withRules(row, [rule])], input).allowed,
  );
  return index === -1 ? null : index;
}

/** Whether the grant alone allows what is asked, its deny rules left out. */
export function allowsAlone(row: GrantRow, input: DecisionInput): boolean {
  return isAllowedBy(
    withRules(
      row,
      row.role.rules.filter(({ effect }) => effect === "allow"),
    ),
    input,
  );
}
