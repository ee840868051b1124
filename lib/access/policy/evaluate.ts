import type { CompiledGrant, DecisionTable } from "./compile.ts";
import { meets } from "./conditions.ts";
import type { Decision, DecisionInput, Impersonation, Permit } from "./decision.ts";
import { explainDenial, explainImpersonation, kubernetesUser } from "./explain.ts";
import { Question } from "./question.ts";
import { attributesToAuthorize, type RequestAttributes } from "./request-attributes.ts";
import { conditionsStanding, ruleStanding } from "./rule.ts";
import type { ScopeFacts } from "./scope.ts";
import { ALWAYS, and, during, NEVER, type Standing, some } from "./standing.ts";

/** `decide` over a given table. Pure: the time is among the circumstances. */
export function evaluateDecision(table: DecisionTable, input: DecisionInput): Decision {
  const { actor, cluster, circumstances, impersonation, onlyGrantId } = input;
  const question = questionOf(input, table);
  const onCluster = table.grantsOn(actor, cluster.id);
  const denied = some(onCluster, (grant) => denies(grant, question));
  const unpermitted: CompiledGrant[] = [];
  for (const grant of denied.holds ? [] : onCluster) {
    if (onlyGrantId !== undefined && grant.id !== onlyGrantId) continue;
    const allowed = allows(grant, question);
    if (!allowed.holds) continue;
    if (permitsImpersonation(grant, impersonation))
      return permitBy(grant, input, during(allowed, denied).until);
    unpermitted.push(grant);
  }
  if (unpermitted.length > 0) return { allowed: false, reason: explainImpersonation(input, unpermitted) };
  const grants = onCluster.filter(({ conditions }) => meets(conditions, circumstances).holds);
  const denying = denied.holds ? grants.find((grant) => denies(grant, question).holds) : undefined;
  const denial = { input, question, onCluster, grants, denying };
  return { allowed: false, reason: explainDenial(denial) };
}

/** What is asked of each rule. */
export function questionOf(input: DecisionInput, table?: DecisionTable): Question {
  const { id, name, labels = null } = input.cluster;
  const attributes = attributesToAuthorize(input.attributes);
  return new Question({
    actor: input.actor,
    cluster: { id, name, labels },
    namespaceLabels: input.namespaceLabels ?? null,
    nodeLabels: input.nodeLabels ?? null,
    cell: table?.cellOf(attributes) ?? -1,
    attributes,
    circumstances: input.circumstances,
  });
}

/** The same object as long as a grant allows somebody the same: what is made of a permit is made once. */
function permitBy(grant: CompiledGrant, { actor, impersonation }: DecisionInput, until: number): Permit {
  if (impersonation !== null) return makePermit(grant, { actor, impersonation, until });
  const known = grant.permits.get(actor);
  if (known !== undefined && known.until === until) return known;
  const permit = makePermit(grant, { actor, impersonation, until });
  grant.permits.set(actor, permit);
  return permit;
}

function makePermit(
  { id, origin, agentTag, role }: CompiledGrant,
  { actor, impersonation, until }: Pick<DecisionInput, "actor" | "impersonation"> & { until: number },
): Permit {
  const impersonate = {
    user: impersonation?.user ?? role.kubernetesUser ?? kubernetesUser(actor),
    groups: Object.freeze([...(impersonation?.groups ?? role.kubernetesGroups)]),
    extra: NO_EXTRA,
  };
  return Object.freeze({
    allowed: true,
    role: role.name,
    roleId: role.id,
    grantId: id,
    grantOrigin: origin,
    agentTag,
    impersonate: Object.freeze(impersonate),
    recording: role.recording,
    auditReads: role.auditReads,
    until,
  });
}

const NO_EXTRA = Object.freeze({});

/** Whether one of the grant's deny rules reaches what is asked, or what that may touch. */
function denies(grant: CompiledGrant, question: Question): Standing {
  const { attributes, circumstances } = question;
  if (grant.scope.covers(attributes, question) === false) return NEVER;
  const denied = some(grant.role.deny(question.cell), (rule) => ruleStanding(rule, question));
  return and(denied, () => meets(grant.conditions, circumstances));
}

function allows(grant: CompiledGrant, question: Question): Standing {
  return and(allowsByRules(grant, question), () => meets(grant.conditions, question.circumstances));
}

function allowsByRules(grant: CompiledGrant, question: Question): Standing {
  const { attributes } = question;
  if (!grant.scope.isUnderstood) return NEVER;
  if (question.isFree || readsGrantedNamespace(grant, attributes, question)) return ALWAYS;
  if (grant.scope.covers(attributes, question) !== true) return NEVER;
  return some(grant.role.allow(question.cell), (rule) => {
    if (!rule.covers(question)) return NEVER;
    const standing = conditionsStanding(rule, question);
    if (!standing.holds) question.unmet.push({ grantId: grant.id, role: grant.role.name, rule });
    return standing;
  });
}

/** Tools look at the namespace that they are to work in. */
function readsGrantedNamespace(
  { scope }: CompiledGrant,
  request: RequestAttributes,
  facts: ScopeFacts,
): boolean {
  const { resource, subresource, apiGroup, verb, name } = request;
  if (resource !== "namespaces" || subresource !== "" || apiGroup !== "" || verb !== "get") return false;
  return scope.namesNamespace(name, facts);
}

function permitsImpersonation({ role }: CompiledGrant, impersonation: Impersonation | null): boolean {
  if (impersonation === null) return true;
  return (
    role.impersonateUsers.matches(impersonation.user) &&
    impersonation.groups.every((group) => role.impersonateGroups.matches(group))
  );
}
