import { compilePatterns } from "./pattern.ts";
import type { LabelPatterns } from "./schema.ts";

/** The labels of a cluster, a namespace or a node. */
export type Labels = Readonly<Record<string, string>>;

/** Whether labels have what a rule wants of them; null where it wants nothing. `whenUnknown`: the answer where nobody knows them. */
export function compileLabels(
  wanted: LabelPatterns,
  whenUnknown: boolean,
): ((labels: Labels | null) => boolean) | null {
  const values = Object.entries(wanted).map(
    ([key, value]) => [key, compilePatterns(typeof value === "string" ? [value] : value)] as const,
  );
  if (values.length === 0) return null;
  return (labels) => {
    if (labels === null) return whenUnknown;
    return values.every(([key, patterns]) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      return value !== undefined && patterns.matches(value);
    });
  };
}
