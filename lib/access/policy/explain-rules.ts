import type { CompiledGrant } from "./compile.ts";
import type { Question } from "./question.ts";
import { type CompiledRule, ruleStanding } from "./rule.ts";

/** Which role denies what is asked, and what its rule says of itself. */
export function explainDenyRule({ role }: CompiledGrant, question: Question): string {
  const rule = role.deny.find((each) => ruleStanding(each, question).holds);
  return `role ${role.name} denies it${rule?.description ? `: ${rule.description}` : ""}`;
}

/** What rules that would allow it ask for beside; null where no rule is about what is asked. */
export function explainConditions(grants: readonly CompiledGrant[], question: Question): string | null {
  const about = grants
    .filter((grant) => grant.scope.covers(question.attributes, question) === true)
    .flatMap(({ role }) => role.allow.map((rule) => ({ role: role.name, rule })))
    .filter(({ rule }) => rule.conditions.length > 0 && rule.covers(question));
  if (about.length === 0) return null;
  const sentences = about.map(
    ({ role, rule }) => `role ${role} allows it only ${unmetWords(rule, question)}`,
  );
  return [...new Set(sentences)].slice(0, MOST_SENTENCES).join("; or ");
}

const MOST_SENTENCES = 3;

function unmetWords({ conditions }: CompiledRule, question: Question): string {
  return conditions
    .filter((condition) => !condition.standing(question).holds)
    .map((condition) => condition.words(question))
    .join(", and ");
}
