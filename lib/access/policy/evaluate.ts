import type { CompiledGrant, DecisionTable } from "./compile.ts";
import type { Decision, DecisionInput, Impersonation } from "./decision.ts";
import { explainDenial, explainImpersonation, kubernetesUser } from "./explain.ts";
import {
  attributesToAuthorize,
  isDiscoveryOrSelfReview,
  type RequestAttributes,
} from "./request-attributes.ts";
import { touchesManyNamespaces } from "./rule.ts";

/** `decide` over a given table at a given time (milliseconds since the epoch). Pure. */
export function evaluateDecision(table: DecisionTable, input: DecisionInput, now: number): Decision {
  const { actor, cluster, impersonation, onlyRoleId } = input;
  const request = attributesToAuthorize(input.requestInfo);
  const onCluster = table
    .grantsOf(actor)
    .filter((grant) => grant.clusterId === null || grant.clusterId === cluster.id);
  const grants = onCluster.filter((grant) => grant.expiresAt > now);
  const denying = grants.find((grant) => denies(grant, request));
  const asked = grants.filter(({ role }) => onlyRoleId === undefined || role.id === onlyRoleId);
  const allowing = denying ? [] : asked.filter((grant) => allows(grant, request));
  if (allowing.length === 0) {
    return { allowed: false, reason: explainDenial({ input, request, onCluster, grants, denying }) };
  }
  const grant = allowing.find((candidate) => permitsImpersonation(candidate, impersonation));
  if (!grant) return { allowed: false, reason: explainImpersonation(input, allowing) };
  return {
    allowed: true,
    role: grant.role.name,
    roleId: grant.role.id,
    grantId: grant.id,
    impersonate: {
      user: impersonation?.user ?? kubernetesUser(actor),
      groups: [...(impersonation?.groups ?? grant.role.kubernetesGroups)],
      extra: {},
    },
  };
}

function denies(grant: CompiledGrant, request: RequestAttributes): boolean {
  const inScope = coversNamespace(grant, request) || touchesManyNamespaces(request);
  return inScope && grant.role.deny.some((rule) => rule(request));
}

function allows(grant: CompiledGrant, request: RequestAttributes): boolean {
  if (isDiscoveryOrSelfReview(request) || readsGrantedNamespace(grant, request)) return true;
  return coversNamespace(grant, request) && grant.role.allow.some((rule) => rule(request));
}

function coversNamespace(grant: CompiledGrant, request: RequestAttributes): boolean {
  if (grant.namespaces === null) return true;
  return request.isResourceRequest && request.namespace !== "" && grant.namespaces.has(request.namespace);
}

/** Tools look at the namespace that they are to work in. */
function readsGrantedNamespace(grant: CompiledGrant, request: RequestAttributes): boolean {
  const { resource, subresource, apiGroup, verb, name } = request;
  if (resource !== "namespaces" || subresource !== "" || apiGroup !== "" || verb !== "get") return false;
  return grant.namespaces?.has(name) ?? false;
}

function permitsImpersonation({ role }: CompiledGrant, impersonation: Impersonation | null): boolean {
  if (impersonation === null) return true;
  return (
    role.impersonateUsers.matches(impersonation.user) &&
    impersonation.groups.every((group) => role.impersonateGroups.matches(group))
  );
}
