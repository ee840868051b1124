import type { GrantRow } from "../policy/compile.ts";
import type { DecisionInput } from "../policy/decision.ts";
import type { PolicyRule } from "../policy/schema.ts";
import { isAllowedByRule, openRule } from "./probe.ts";
import { labelsOf, listOf, plural } from "./rule-words.ts";

interface Part {
  /** What is read together. */
  part: readonly (keyof PolicyRule)[];
  /** What is said where it does not fit. */
  says: (rule: PolicyRule, input: DecisionInput) => string;
}

/** The parts of an allow rule that do not fit what is asked, each looked at with all else opened. */
export function missesOf(row: GrantRow, rule: PolicyRule, input: DecisionInput): string[] {
  const isMissed = (given: Partial<PolicyRule>) => !isAllowedByRule(row, openRule(input, given), input);
  const parts = PARTS.filter(({ part }) =>
    isMissed(Object.fromEntries(part.map((key) => [key, rule[key]]))),
  ).map(({ says }) => says(rule, input));
  return [...parts, ...missedConditions(rule.when, isMissed)];
}

const PARTS: readonly Part[] = [
  {
    part: ["resources", "exceptResources"],
    says: ({ resources, exceptResources }, { attributes: { resource, subresource } }) =>
      `it is for ${resources.length === 0 ? "paths alone" : listOf(resources)}${exceptResources.length === 0 ? "" : ` but ${listOf(exceptResources)}`}, not ${subresource ? `${resource}/${subresource}` : resource}`,
  },
  {
    part: ["nonResourceURLs"],
    says: ({ nonResourceURLs }, { attributes: { path } }) =>
      `it is for ${nonResourceURLs.length === 0 ? "resources alone" : `path ${listOf(nonResourceURLs)}`}, not ${path}`,
  },
  {
    part: ["apiGroups"],
    says: ({ apiGroups }, { attributes: { apiGroup } }) =>
      `it is for API ${plural("group", apiGroups)} ${listOf(apiGroups)}, not ${listOf([apiGroup])}`,
  },
  {
    part: ["verbs"],
    says: ({ verbs }, { attributes }) => `it is for ${listOf(verbs)}, not ${attributes.verb}`,
  },
  {
    part: ["clusters"],
    says: ({ clusters }, { cluster }) =>
      `it is for ${plural("cluster", clusters)} ${listOf(clusters)}, not ${cluster.name}`,
  },
  {
    part: ["clusterLabels"],
    says: ({ clusterLabels }, { cluster }) =>
      `it is for clusters labelled ${labelsOf(clusterLabels)}, and ${cluster.name} is not`,
  },
  {
    part: ["namespaces"],
    says: ({ namespaces }, { attributes: { namespace } }) =>
      `it is for ${plural("namespace", namespaces)} ${listOf(namespaces)}, not ${namespace || "what names none"}`,
  },
  {
    part: ["namespaceLabels"],
    says: ({ namespaceLabels }, { attributes: { namespace } }) =>
      `it is for namespaces labelled ${labelsOf(namespaceLabels)}, which ${namespace || "what names none"} is not, or is not known to be`,
  },
  {
    part: ["names"],
    says: ({ names }, { attributes: { name } }) =>
      `it is for what is named ${listOf(names)}, not ${name || "what names no object"}`,
  },
];

type When = NonNullable<PolicyRule["when"]>;
type Says = (when: When) => string;

/** Each condition alone; hours and weekdays need their zone. */
const CONDITIONS: Partial<Record<keyof When, Says>> = {
  networks: ({ networks }) => `it counts from ${listOf(networks ?? [])} alone`,
  hours: ({ hours, timeZone }) => `it counts from ${hours?.from} to ${hours?.to} (${timeZone}) alone`,
  weekdays: ({ weekdays, timeZone }) => `it counts on ${listOf(weekdays ?? [])} (${timeZone}) alone`,
  accessMethods: ({ accessMethods }) => `it counts by ${listOf(accessMethods ?? [])} alone`,
  secondFactorWithin: ({ secondFactorWithin }) =>
    `it counts within ${secondFactorWithin} of a second factor alone`,
  expression: ({ expression }) => `its expression does not hold, or cannot be evaluated: ${expression}`,
};

function missedConditions(
  when: PolicyRule["when"],
  isMissed: (given: Partial<PolicyRule>) => boolean,
): string[] {
  if (when === undefined || !isMissed({ when })) return [];
  const { timeZone } = when;
  const missed = Object.entries(CONDITIONS).filter(([name]) => {
    const value = when[name as keyof When];
    return value !== undefined && isMissed({ when: { ...(timeZone && { timeZone }), [name]: value } });
  });
  return missed.length > 0
    ? missed.map(([, says]) => says(when))
    : ["its hours and weekdays do not fit together"];
}
