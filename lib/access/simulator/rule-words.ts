import type { LabelPatterns, PolicyRule } from "../policy/schema.ts";

/** A rule in a line: `allow get, list on pods, pods/log in API group "" in namespaces team-*`. */
export function describeRule(rule: PolicyRule): string {
  const what =
    rule.resources.length > 0
      ? [`on ${listOf(rule.resources)}`, `in API ${groupsOf(rule)}`]
      : [`on path ${listOf(rule.nonResourceURLs)}`];
  const rest = [
    rule.exceptResources.length > 0 && `but ${listOf(rule.exceptResources)}`,
    rule.namespaces.length > 0 && `in ${plural("namespace", rule.namespaces)} ${listOf(rule.namespaces)}`,
    rule.names.length > 0 && `named ${listOf(rule.names)}`,
    rule.clusters.length > 0 && `in ${plural("cluster", rule.clusters)} ${listOf(rule.clusters)}`,
    Object.keys(rule.clusterLabels).length > 0 && `in clusters labelled ${labelsOf(rule.clusterLabels)}`,
    Object.keys(rule.namespaceLabels).length > 0 &&
      `in namespaces labelled ${labelsOf(rule.namespaceLabels)}`,
    rule.when && `under conditions: ${listOf(Object.keys(rule.when))}`,
  ];
  return [`${rule.effect} ${listOf(rule.verbs)}`, ...what, ...rest].filter(Boolean).join(" ");
}

const MOST_SHOWN = 12;

/** Texts in a row, not all of them where they are many. */
export function listOf(texts: readonly string[]): string {
  const shown = texts.slice(0, MOST_SHOWN).map((text) => (text === "" ? '""' : text));
  const more = texts.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

export const plural = (noun: string, { length }: readonly unknown[]) => (length === 1 ? noun : `${noun}s`);

const groupsOf = ({ apiGroups }: PolicyRule) => `${plural("group", apiGroups)} ${listOf(apiGroups)}`;

/** `env=prod|stage, team=a` */
export const labelsOf = (labels: LabelPatterns) =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${[value].flat().join("|")}`)
    .join(", ");
