import type { GrantRow } from "../policy/compile.ts";
import type { DecisionInput } from "../policy/decision.ts";
import { questionOf } from "../policy/evaluate.ts";
import { compileRule } from "../policy/rule.ts";
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
  const parts = PARTS.filter(({ part }) => {
    const given = Object.fromEntries(part.map((key) => [key, rule[key]]));
    return !isAllowedByRule(row, openRule(input, given), input);
  }).map(({ says }) => says(rule, input));
  return [...parts, ...unmetConditions(rule, input)];
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

/** In the words of a denial: what its conditions ask for that is not so. */
function unmetConditions(rule: PolicyRule, input: DecisionInput): string[] {
  const question = questionOf(input);
  return compileRule(rule, 0)
    .conditions.filter((condition) => !condition.standing(question).holds)
    .map((condition) => `it allows only ${condition.words(question)}`);
}
