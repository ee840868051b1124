import { z } from "zod";
import type { RequestAttributes } from "../../../access/policy/request-attributes.ts";

const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

/** The rules that a cluster says hold for somebody (k8s.io/api/authorization/v1 SubjectRulesReviewStatus). */
export const ClusterRules = z.object({
  resourceRules: z
    .array(z.object({ verbs: texts, apiGroups: texts, resources: texts, resourceNames: texts }))
    .nullish()
    .transform((rules) => rules ?? []),
  nonResourceRules: z
    .array(z.object({ verbs: texts, nonResourceURLs: texts }))
    .nullish()
    .transform((rules) => rules ?? []),
  incomplete: z.boolean().default(false),
  evaluationError: z.string().nullish(),
});
export type ClusterRules = z.infer<typeof ClusterRules>;
type ResourceRule = ClusterRules["resourceRules"][number];

export const AnsweredReview = z.object({ status: ClusterRules });

/**
 * The names of objects for which the rules allow what is asked: null for any, an empty list for none. As RBAC reads them
 * (k8s.io/kubernetes/pkg/apis/rbac/v1 evaluation_helpers).
 */
export function namesAllowed(rules: ClusterRules, asked: RequestAttributes): readonly string[] | null {
  const covering = rules.resourceRules.filter((rule) => covers(rule, asked));
  if (covering.some(({ resourceNames }) => resourceNames.length === 0)) return null;
  return [...new Set(covering.flatMap(({ resourceNames }) => resourceNames))];
}

function covers(rule: ResourceRule, { verb, apiGroup, resource, subresource }: RequestAttributes): boolean {
  const has = (list: readonly string[], text: string) => list.includes("*") || list.includes(text);
  const named = subresource === "" ? resource : `${resource}/${subresource}`;
  return (
    has(rule.verbs, verb) &&
    has(rule.apiGroups, apiGroup) &&
    (has(rule.resources, named) || (subresource !== "" && rule.resources.includes(`*/${subresource}`)))
  );
}

/** What rules name in full: what discovery may not know of, such as the verb `bind`. */
export function namedInFull({
  resourceRules,
}: ClusterRules): Pick<RequestAttributes, "verb" | "apiGroup" | "resource" | "subresource">[] {
  const full = (list: readonly string[]) => list.filter((text) => !text.includes("*"));
  return resourceRules.flatMap((rule) =>
    full(rule.apiGroups).flatMap((apiGroup) =>
      full(rule.resources).flatMap((text) => {
        const [resource = "", subresource = ""] = text.split("/", 2);
        return full(rule.verbs).map((verb) => ({ verb, apiGroup, resource, subresource }));
      }),
    ),
  );
}
