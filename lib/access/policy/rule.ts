import { compileLabels } from "./labels.ts";
import { compilePatterns } from "./pattern.ts";
import type { Question } from "./question.ts";
import type { RequestAttributes } from "./request-attributes.ts";
import { compileRuleConditions, type RuleCondition } from "./rule-conditions.ts";
import type { PolicyRule } from "./schema.ts";
import { ALWAYS, every, NEVER, type Standing } from "./standing.ts";

/** A rule as it is asked. Namespaces of the grant are the caller's concern. */
export interface CompiledRule {
  /** Its place among the rules of its role, from 0. */
  place: number;
  description: string | null;
  asksNamespaceLabels: boolean;
  /** Whether it is about what is asked, whatever the circumstances. */
  covers(question: Question): boolean;
  conditions: readonly RuleCondition[];
}

type Matcher = (question: Question) => boolean;

const COLLECTION_VERBS: ReadonlySet<string> = new Set(["list", "watch", "deletecollection"]);

/** Whether a call without a namespace may touch objects of several namespaces. */
export function touchesManyNamespaces(request: RequestAttributes): boolean {
  return request.namespace === "" && COLLECTION_VERBS.has(request.verb);
}

/** Whether the rule counts for what is asked, under its circumstances. */
export function ruleStanding(rule: CompiledRule, question: Question): Standing {
  return rule.covers(question) ? conditionsStanding(rule, question) : NEVER;
}

/** Whether the circumstances are those of the rule. */
export function conditionsStanding({ conditions }: CompiledRule, question: Question): Standing {
  return conditions.length === 0 ? ALWAYS : every(conditions, (condition) => condition.standing(question));
}

export function compileRule(rule: PolicyRule, place: number): CompiledRule {
  const verbs = compilePatterns(rule.verbs);
  const matchesResource = compileResourcePart(rule);
  const urls = compilePatterns(rule.nonResourceURLs);
  const onCluster = compileClusters(rule);
  return {
    place,
    description: rule.description ?? null,
    asksNamespaceLabels: Object.keys(rule.namespaceLabels).length > 0,
    covers: (question) => {
      const { attributes } = question;
      return (
        verbs.matches(attributes.verb) &&
        (attributes.isResourceRequest ? matchesResource(question) : urls.matches(attributes.path)) &&
        (onCluster === null || onCluster(question))
      );
    },
    conditions: rule.when ? compileRuleConditions(rule.when, rule.effect === "deny") : [],
  };
}

/** Null: on every cluster. */
function compileClusters(rule: PolicyRule): Matcher | null {
  const names = rule.clusters.length === 0 ? null : compilePatterns(rule.clusters);
  const labelled = compileLabels(rule.clusterLabels, rule.effect === "deny");
  if (names === null && labelled === null) return null;
  return ({ cluster }) =>
    (names === null || names.matches(cluster.name)) && (labelled === null || labelled(cluster.labels));
}

/** What tells most rules apart is asked first. */
function compileResourcePart(rule: PolicyRule): Matcher {
  const named = compileNames(rule);
  const denies = rule.effect === "deny";
  const covered = compileResources(rule.resources, { wildcardsCoverUnwatched: denies });
  const inNamespace = compileNamespaces(rule);
  const apiGroups = compilePatterns(rule.apiGroups);
  const excepted = compileResources(rule.exceptResources, { wildcardsCoverUnwatched: !denies });
  return (question) =>
    named(question) &&
    covered(question) &&
    inNamespace(question) &&
    apiGroups.matches(question.attributes.apiGroup) &&
    !excepted(question);
}

function compileResources(
  resources: readonly string[],
  { wildcardsCoverUnwatched }: { wildcardsCoverUnwatched: boolean },
): Matcher {
  if (resources.length === 0) return () => false;
  const named = new Set(resources);
  const all = named.has("*");
  const withSubresources = new Set(
    resources.filter((name) => name.includes("/")).map((name) => name.slice(0, name.indexOf("/"))),
  );
  return ({ attributes: { resource, subresource }, circumstances: { sessionKind } }) => {
    if (subresource === "") return all || named.has(resource);
    if (!all && !withSubresources.has(resource) && !withSubresources.has("*")) return false;
    if (named.has(`${resource}/${subresource}`)) return true;
    // What passes there is neither authorised nor recorded as a Kubernetes call: to be allowed it must be meant.
    const isUnwatched = subresource === "proxy" || sessionKind === "unwatched";
    if (isUnwatched && !wildcardsCoverUnwatched) return false;
    return all || named.has(`${resource}/*`) || named.has(`*/${subresource}`);
  };
}

// Where a call names no namespace or no object, an allow rule that names some does not cover it, and a deny rule that names
// some does: the call may touch them.

function compileNamespaces(rule: PolicyRule): Matcher {
  const denies = rule.effect === "deny";
  const namespaces = rule.namespaces.length === 0 ? null : compilePatterns(rule.namespaces);
  const labelled = compileLabels(rule.namespaceLabels, denies);
  if (namespaces === null && labelled === null) return () => true;
  return ({ attributes, namespaceLabels }) => {
    if (attributes.namespace === "") return denies && touchesManyNamespaces(attributes);
    if (namespaces !== null && !namespaces.matches(attributes.namespace)) return false;
    return labelled === null || labelled(namespaceLabels);
  };
}

function compileNames(rule: PolicyRule): Matcher {
  if (rule.names.length === 0) return () => true;
  const names = compilePatterns(rule.names);
  return ({ attributes: { name } }) => (name === "" ? rule.effect === "deny" : names.matches(name));
}
