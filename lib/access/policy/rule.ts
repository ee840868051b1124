import type { Circumstances } from "./circumstances.ts";
import { compilePatterns } from "./pattern.ts";
import type { RequestAttributes } from "./request-attributes.ts";
import type { PolicyRule } from "./schema.ts";
import { ALWAYS, NEVER, type Standing } from "./standing.ts";

/** A rule as a function of what is asked, under which circumstances. Namespaces of the grant are the caller's concern. */
export type CompiledRule = (request: RequestAttributes, circumstances: Circumstances) => Standing;

type AttributesMatcher = (request: RequestAttributes) => boolean;

const COLLECTION_VERBS: ReadonlySet<string> = new Set(["list", "watch", "deletecollection"]);

/** Whether a call without a namespace may touch objects of several namespaces. */
export function touchesManyNamespaces(request: RequestAttributes): boolean {
  return request.namespace === "" && COLLECTION_VERBS.has(request.verb);
}

export function compileRule(rule: PolicyRule): CompiledRule {
  const verbs = compilePatterns(rule.verbs);
  const matchesResource = compileResourcePart(rule);
  const urls = compilePatterns(rule.nonResourceURLs);
  return (request, circumstances) => {
    const matches = request.isResourceRequest
      ? matchesResource(request, circumstances)
      : urls.matches(request.path);
    return matches && verbs.matches(request.verb) ? ALWAYS : NEVER;
  };
}

type ResourceMatcher = (request: RequestAttributes, circumstances: Circumstances) => boolean;

/** What tells most rules apart is asked first. */
function compileResourcePart(rule: PolicyRule): ResourceMatcher {
  const named = compileNames(rule);
  const denies = rule.effect === "deny";
  const covered = compileResources(rule.resources, { wildcardsCoverUnwatched: denies });
  const inNamespace = compileNamespaces(rule);
  const apiGroups = compilePatterns(rule.apiGroups);
  const excepted = compileResources(rule.exceptResources, { wildcardsCoverUnwatched: !denies });
  return (request, circumstances) =>
    named(request) &&
    covered(request, circumstances) &&
    inNamespace(request) &&
    apiGroups.matches(request.apiGroup) &&
    !excepted(request, circumstances);
}

function compileResources(
  resources: readonly string[],
  { wildcardsCoverUnwatched }: { wildcardsCoverUnwatched: boolean },
): ResourceMatcher {
  if (resources.length === 0) return () => false;
  const named = new Set(resources);
  return ({ resource, subresource }, { sessionKind }) => {
    if (subresource === "") return named.has(resource) || named.has("*");
    if (named.has(`${resource}/${subresource}`)) return true;
    // What passes there is neither authorised nor recorded as a Kubernetes call: to be allowed it must be meant.
    const isUnwatched = subresource === "proxy" || sessionKind === "unwatched";
    if (isUnwatched && !wildcardsCoverUnwatched) return false;
    return named.has("*") || named.has(`${resource}/*`) || named.has(`*/${subresource}`);
  };
}

// Where a call names no namespace or no object, an allow rule that names some does not cover it, and a deny rule that names
// some does: the call may touch them.

function compileNamespaces(rule: PolicyRule): AttributesMatcher {
  if (rule.namespaces.length === 0) return () => true;
  const namespaces = compilePatterns(rule.namespaces);
  return (request) =>
    request.namespace === ""
      ? rule.effect === "deny" && touchesManyNamespaces(request)
      : namespaces.matches(request.namespace);
}

function compileNames(rule: PolicyRule): AttributesMatcher {
  if (rule.names.length === 0) return () => true;
  const names = compilePatterns(rule.names);
  return (request) => (request.name === "" ? rule.effect === "deny" : names.matches(request.name));
}
