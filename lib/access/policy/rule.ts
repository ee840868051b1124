import { compilePatterns } from "./pattern.ts";
import type { RequestAttributes } from "./request-attributes.ts";
import type { PolicyRule } from "./schema.ts";

/** A rule as a function of what is asked. Namespaces of the grant are the caller's concern. */
export type CompiledRule = (request: RequestAttributes) => boolean;

const COLLECTION_VERBS: ReadonlySet<string> = new Set(["list", "watch", "deletecollection"]);

/** Whether a call without a namespace may touch objects of several namespaces. */
export function touchesManyNamespaces(request: RequestAttributes): boolean {
  return request.namespace === "" && COLLECTION_VERBS.has(request.verb);
}

export function compileRule(rule: PolicyRule): CompiledRule {
  const verbs = compilePatterns(rule.verbs);
  const matchesResource = compileResourcePart(rule);
  const urls = compilePatterns(rule.nonResourceURLs);
  return (request) => {
    if (!verbs.matches(request.verb)) return false;
    return request.isResourceRequest ? matchesResource(request) : urls.matches(request.path);
  };
}

function compileResourcePart(rule: PolicyRule): CompiledRule {
  const apiGroups = compilePatterns(rule.apiGroups);
  const denies = rule.effect === "deny";
  const covered = compileResources(rule.resources, { wildcardsCoverUnwatched: denies });
  const excepted = compileResources(rule.exceptResources, { wildcardsCoverUnwatched: !denies });
  const inNamespace = compileNamespaces(rule);
  const named = compileNames(rule);
  return (request) =>
    apiGroups.matches(request.apiGroup) &&
    covered(request) &&
    !excepted(request) &&
    inNamespace(request) &&
    named(request);
}

type ResourceMatcher = (
  request: Pick<RequestAttributes, "resource" | "subresource" | "unwatched">,
) => boolean;

function compileResources(
  resources: readonly string[],
  { wildcardsCoverUnwatched }: { wildcardsCoverUnwatched: boolean },
): ResourceMatcher {
  const named = new Set(resources);
  return ({ resource, subresource, unwatched = false }) => {
    if (subresource === "") return named.has(resource) || named.has("*");
    if (named.has(`${resource}/${subresource}`)) return true;
    // What passes there is neither authorised nor recorded as a Kubernetes call: to be allowed it must be meant.
    if ((subresource === "proxy" || unwatched) && !wildcardsCoverUnwatched) return false;
    return named.has("*") || named.has(`${resource}/*`) || named.has(`*/${subresource}`);
  };
}

// Where a call names no namespace or no object, an allow rule that names some does not cover it, and a deny rule that names
// some does: the call may touch them.

function compileNamespaces(rule: PolicyRule): CompiledRule {
  if (rule.namespaces.length === 0) return () => true;
  const namespaces = compilePatterns(rule.namespaces);
  return (request) =>
    request.namespace === ""
      ? rule.effect === "deny" && touchesManyNamespaces(request)
      : namespaces.matches(request.namespace);
}

function compileNames(rule: PolicyRule): CompiledRule {
  if (rule.names.length === 0) return () => true;
  const names = compilePatterns(rule.names);
  return (request) => (request.name === "" ? rule.effect === "deny" : names.matches(request.name));
}
