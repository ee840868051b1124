import type { PolicyRule } from "../../../policy/schema.ts";

/** A field of a rule for which it can never match what is asked. */
export interface NeverMatches {
  path: (string | number)[];
  message: string;
}

const RESOURCE = /^(\*|[a-z0-9.-]+(\/(\*|[a-z0-9.-]+))?|\*\/[a-z0-9.-]+)$/;
const WITHOUT_NAME: ReadonlySet<string> = new Set(["create", "deletecollection"]);

/** Why a rule, or one of its names, can never match: it would be thought to protect or to allow, and do nothing. */
export function findNeverMatching(rule: PolicyRule): NeverMatches[] {
  const { resources, exceptResources, nonResourceURLs, apiGroups, verbs } = rule;
  return [
    ...(resources.length + nonResourceURLs.length === 0
      ? [{ path: ["resources"], message: "takes resources, or nonResourceURLs: this rule is about nothing" }]
      : []),
    ...(resources.length > 0 && apiGroups.length === 0
      ? [
          {
            path: ["apiGroups"],
            message: 'takes at least one API group beside resources; "" is the core group, * any',
          },
        ]
      : []),
    ...each("resources", resources, (text) => RESOURCE.test(text), RESOURCE_TAKES),
    ...each("exceptResources", exceptResources, (text) => RESOURCE.test(text), RESOURCE_TAKES),
    ...each(
      "apiGroups",
      apiGroups,
      (text) => !text.includes("/"),
      "takes a group without its version, such as apps",
    ),
    ...each("verbs", verbs, (text) => /^[a-z*]+$/.test(text), "takes a verb in lower case, such as get"),
    ...each("nonResourceURLs", nonResourceURLs, isPath, "takes a path that begins with /, or *"),
    ...(resources.length > 0 && resources.every((resource) => isExcepted(resource, exceptResources))
      ? [{ path: ["exceptResources"], message: "takes less than resources has: nothing is left of them" }]
      : []),
    ...(rule.effect === "allow" && rule.names.length > 0 && neverNames(rule)
      ? [
          {
            path: ["names"],
            message: "takes no names where every verb is one that names no object (create, deletecollection)",
          },
        ]
      : []),
  ];
}

const RESOURCE_TAKES = "takes pods, pods/exec, pods/*, */status or *; other patterns match nothing";

const isPath = (text: string) => text.startsWith("/") || text.startsWith("*");

function each(
  field: string,
  texts: readonly string[],
  isSound: (text: string) => boolean,
  message: string,
): NeverMatches[] {
  return texts.flatMap((text, index) => (isSound(text) ? [] : [{ path: [field, index], message }]));
}

/** Whether the rule's exceptions have all of one of its resources. */
function isExcepted(resource: string, exceptions: readonly string[]): boolean {
  if (exceptions.includes("*") || exceptions.includes(resource)) return true;
  const [kind, subresource] = resource.split("/");
  return (
    subresource !== undefined && (exceptions.includes(`${kind}/*`) || exceptions.includes(`*/${subresource}`))
  );
}

function neverNames({ verbs, resources, nonResourceURLs }: PolicyRule): boolean {
  // To a subresource, such as pods/exec, what is created belongs to an object with a name.
  const hasSubresources = resources.some((resource) => resource === "*" || resource.includes("/"));
  return !hasSubresources && nonResourceURLs.length === 0 && verbs.every((verb) => WITHOUT_NAME.has(verb));
}
