import type { PolicyRule } from "../../../../lib/access/policy/schema.ts";

/** Where and when a rule counts, a line each; `As granted` where it says nothing of it. */
export function whereAndWhen(rule: PolicyRule): string[] {
  const { namespaces, namespaceLabels, clusters, clusterLabels, nonResourceURLs, when = {} } = rule;
  const hours = when.hours && `${when.hours.from} to ${when.hours.to}`;
  const lines = [
    namespaces.length > 0 && namespaces.join(", "),
    ...labelLines("namespaces", namespaceLabels),
    clusters.length > 0 && `clusters ${clusters.join(", ")}`,
    ...labelLines("clusters", clusterLabels),
    when.networks && `from ${when.networks.join(", ")}`,
    (hours || when.weekdays) && [when.weekdays?.join(", "), hours, when.timeZone].filter(Boolean).join(" "),
    when.accessMethods && `by ${when.accessMethods.join(", ")}`,
    when.secondFactorWithin && `within ${when.secondFactorWithin} of a second factor`,
    when.expression && `where ${when.expression}`,
  ].filter((line) => typeof line === "string");
  if (lines.length > 0) return lines;
  return [nonResourceURLs.length > 0 ? "–" : "As granted"];
}

function labelLines(noun: string, labels: PolicyRule["clusterLabels"]): string[] {
  const words = Object.entries(labels).map(([key, value]) => `${key}=${[value].flat().join("|")}`);
  return words.length === 0 ? [] : [`${noun} labelled ${words.join(", ")}`];
}
