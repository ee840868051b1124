import type { Actor } from "../../context.ts";
import type { Circumstances } from "./circumstances.ts";
import type { CompiledGrant } from "./compile.ts";
import type { DecisionInput } from "./decision.ts";
import { explainConditions, explainDenyRule, hintOfLabels } from "./explain-rules.ts";
import type { Question } from "./question.ts";
import type { RequestAttributes } from "./request-attributes.ts";
import { ruleStanding } from "./rule.ts";

/** The name under which the actor is known to a cluster. */
export function kubernetesUser(actor: Actor): string {
  if (actor.kind === "user") return actor.email;
  if (actor.kind === "application") return `application:${actor.name}`;
  return "system:anonymous";
}

interface Denial {
  input: DecisionInput;
  question: Question;
  /** The actor's grants on the cluster, also those whose conditions are not met. */
  onCluster: readonly CompiledGrant[];
  /** Those that count. */
  grants: readonly CompiledGrant[];
  denying: CompiledGrant | undefined;
}

/** In the words of kube-apiserver's own 403, then why, then what to do. */
export function explainDenial(denial: Denial): string {
  return `${whatIsForbidden(denial.input, denial.question.attributes)}: ${why(denial)}`;
}

export function explainImpersonation(input: DecisionInput, allowing: readonly CompiledGrant[]): string {
  const { user, groups } = input.impersonation ?? { user: "", groups: [] };
  const asked = [`user ${JSON.stringify(user)}`, ...groups.map((group) => `group ${JSON.stringify(group)}`)];
  return (
    `User ${JSON.stringify(kubernetesUser(input.actor))} cannot impersonate ${asked.join(", ")} in cluster ` +
    `${JSON.stringify(input.cluster.name)}: ${nameRoles(allowing)} not permit it; leave out --as and --as-group`
  );
}

function whatIsForbidden({ actor, attributes }: DecisionInput, request: RequestAttributes): string {
  const who = `User ${JSON.stringify(kubernetesUser(actor))} cannot`;
  if (!request.isResourceRequest) return `${who} ${attributes.verb} path ${JSON.stringify(request.path)}`;
  const { resource, subresource, apiGroup, namespace } = request;
  const what = JSON.stringify(subresource ? `${resource}/${subresource}` : resource);
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : "at the cluster scope";
  return `${who} ${request.verb} resource ${what} in API group ${JSON.stringify(apiGroup)} ${where}`;
}

function why({ input, question, onCluster, grants, denying }: Denial): string {
  const { circumstances } = input;
  const { attributes: request } = question;
  const cluster = JSON.stringify(input.cluster.name);
  if (denying) return explainDenyRule(denying, question);
  if (grants.length === 0) {
    const [latest] = unmetConditions(onCluster, circumstances);
    if (!latest) return `no role is granted to you in cluster ${cluster}; ask an administrator for one`;
    return `your grant in cluster ${cluster} (role ${latest.role}) ${latest.unmet}; ask an administrator`;
  }
  const conditional = explainConditions(grants, question);
  if (conditional !== null) return conditional;
  const elsewhere = grants.filter(
    (grant) =>
      grant.scope.words !== null &&
      grant.role.allow(question.cell).some((rule) => ruleStanding(rule, question).holds),
  );
  if (elsewhere.length > 0) return `${elsewhere.map(nameCoverage).join(", ")}${advice(request, elsewhere)}`;
  const { resource, subresource } = request;
  const hint =
    circumstances.sessionKind === "unwatched"
      ? `; what passes there is not watched, so that a role must name ${resource}/${subresource}`
      : hintOfLabels(grants, question);
  return `${nameRoles(grants)} not allow it${hint}`;
}

/** What keeps the grants from counting; what changed last comes first. */
function unmetConditions(
  grants: readonly CompiledGrant[],
  circumstances: Circumstances,
): { role: string; unmet: string }[] {
  return grants
    .flatMap(({ role, conditions }) =>
      conditions.map(({ unmet, standing }) => ({ role: role.name, unmet, ...standing(circumstances) })),
    )
    .filter(({ holds }) => !holds)
    .sort((a, b) => b.since - a.since);
}

function nameCoverage(grant: CompiledGrant): string {
  return `role ${grant.role.name} covers ${grant.scope.words}`;
}

function advice(request: RequestAttributes, elsewhere: readonly CompiledGrant[]): string {
  if (elsewhere.every(({ scope }) => scope.kind === "nodePool")) return adviceForNodes(request);
  if (!request.isResourceRequest || request.namespace !== "") return "";
  return isClusterScoped(request) ? " and nothing outside namespaces" : ": add -n <namespace>";
}

function adviceForNodes({ resource, name }: RequestAttributes): string {
  if (resource === "pods" && name === "")
    return ": list the pods of one of its nodes, with --field-selector spec.nodeName=<node>";
  if (resource === "nodes" && name === "") return ": name one of its nodes";
  return ", whose nodes and the pods on them are all that it is for";
}

/** "role developer does", "roles developer, read-only do". */
function nameRoles(grants: readonly CompiledGrant[]): string {
  const names = [...new Set(grants.map((grant) => grant.role.name))];
  return names.length === 1 ? `role ${names[0]} does` : `roles ${names.join(", ")} do`;
}

/** Kinds that have no namespace, for the advice alone: of custom resources nothing is known here. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  ...[
    "nodes",
    "namespaces",
    "persistentvolumes",
    "componentstatuses",
    "storageclasses",
    "csidrivers",
    "csinodes",
  ],
  ...["volumeattachments", "clusterroles", "clusterrolebindings", "customresourcedefinitions", "apiservices"],
  ...["mutatingwebhookconfigurations", "validatingwebhookconfigurations", "validatingadmissionpolicies"],
  ...["validatingadmissionpolicybindings", "certificatesigningrequests", "flowschemas", "ingressclasses"],
  ...[
    "prioritylevelconfigurations",
    "priorityclasses",
    "runtimeclasses",
    "tokenreviews",
    "subjectaccessreviews",
  ],
]);

function isClusterScoped({ resource }: RequestAttributes): boolean {
  return CLUSTER_SCOPED.has(resource);
}
