import type { CompiledGrant } from "./compile.ts";
import type { Question } from "./question.ts";
import { type CompiledRule, ruleStanding } from "./rule.ts";

/** Which role denies what is asked, and what its rule says of itself. */
export function explainDenyRule({ role }: CompiledGrant, question: Question): string {
  const rule = role.deny(question.cell).find((each) => ruleStanding(each, question).holds);
  const { namespace } = question.attributes;
  const isGuess = rule?.asksNamespaceLabels && question.namespaceLabels === null && namespace !== "";
  const unknown = `, or would if it knew the labels of the namespace ${JSON.stringify(namespace)}, which the cluster has not told yet`;
  return `role ${role.name} denies it${isGuess ? unknown : ""}${rule?.description ? `: ${rule.description}` : ""}`;
}

/** Where a rule goes by labels of the namespace that nobody knows: that. */
export function hintOfLabels(grants: readonly CompiledGrant[], question: Question): string {
  const { namespace } = question.attributes;
  if (namespace === "" || question.namespaceLabels !== null) return "";
  const isAsked = grants.some(({ role }) =>
    role.allow(question.cell).some((rule) => rule.asksNamespaceLabels),
  );
  if (!isAsked) return "";
  return `; the labels of the namespace ${JSON.stringify(namespace)}, by which a rule goes, are not known: there is none, or the cluster has not told them yet`;
}

/** What rules that would allow it ask for beside; null where no rule is about what is asked. */
export function explainConditions(grants: readonly CompiledGrant[], question: Question): string | null {
  const counting = new Set(grants.map(({ id }) => id));
  const about = question.unmet.filter(({ grantId }) => counting.has(grantId)).slice(0, MOST_SENTENCES);
  if (about.length === 0) return null;
  const sentences = about.map(
    ({ role, rule }) => `role ${role} allows it only ${unmetWords(rule, question)}`,
  );
  return [...new Set(sentences)].join("; or ");
}

const MOST_SENTENCES = 3;

function unmetWords({ conditions }: CompiledRule, question: Question): string {
  return conditions
    .filter((condition) => !condition.standing(question).holds)
    .map((condition) => condition.words(question))
    .join(", and ");
}
