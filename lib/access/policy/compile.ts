import type { Actor } from "../../context.ts";
import { type Condition, compileConditions } from "./conditions.ts";
import type { Permit } from "./decision.ts";
import { type Mentions, mentionsOf } from "./mentions.ts";
import { compileIdentityPatterns, type PatternSet } from "./pattern.ts";
import type { RequestAttributes } from "./request-attributes.ts";
import { compileRule } from "./rule.ts";
import { indexRules, type RuleIndex, Vocabulary } from "./rule-index.ts";
import type { GrantOrigin, PolicyRule, RoleRecording, SubjectKind } from "./schema.ts";
import { compileScope, type Scope, type ScopeRow } from "./scope.ts";

/** A grant with its role, as the database has them. Revoked ones are not among them. */
export interface GrantRow {
  grantId: string;
  subjectKind: SubjectKind;
  /** The id of the person, the group or the application. */
  subject: string;
  /** Null: every cluster. */
  clusterId: string | null;
  /** Empty: every namespace, and what has none. */
  namespaces: readonly string[];
  /** Where it counts instead of by cluster and namespaces: where it names a project, a department or a node pool. */
  scope?: ScopeRow | null;
  /** Of the agents that carry its calls; any, or as the cluster says, where it is null or left out. */
  agentTag?: string | null;
  expiresAt: Date | null;
  /** "grant" where it is left out. */
  origin?: GrantOrigin;
  role: {
    id: string;
    name: string;
    rules: readonly PolicyRule[];
    /** As whom its calls are made; the caller's own name where it is null or left out. */
    kubernetesUser?: string | null;
    kubernetesGroups: readonly string[];
    impersonateUsers: readonly string[];
    impersonateGroups: readonly string[];
    recording: RoleRecording;
    /** Whether its reads are recorded; as the installation is set where it is null or left out. */
    auditReads?: boolean | null;
  };
}

interface CompiledRole {
  id: string;
  name: string;
  /** Those that may be about a request. */
  allow: RuleIndex;
  deny: RuleIndex;
  kubernetesUser: string | null;
  kubernetesGroups: readonly string[];
  impersonateUsers: PatternSet;
  impersonateGroups: PatternSet;
  recording: RoleRecording;
  auditReads: boolean | null;
  mentions: Mentions;
}

export interface CompiledGrant {
  id: string;
  origin: GrantOrigin;
  agentTag: string | null;
  scope: Scope;
  conditions: readonly Condition[];
  role: CompiledRole;
  /** What it allowed whom last. As long-lived as the table and the caller. */
  permits: WeakMap<Actor, Permit>;
}

/** Grants by subject. */
export interface DecisionTable {
  /** What of the roles' rules is to be asked of a request. */
  cellOf(request: RequestAttributes): number;
  /** Whether a rule, or where a grant counts, goes by the labels of namespaces of the cluster. */
  asksNamespaceLabels(clusterId: string): boolean;
  /** The clusters on which a grant on a node pool counts. */
  nodePoolClusters(): readonly string[];
  /** The actor's own and their groups', in the order in which they are tried. */
  grantsOf(actor: Actor): readonly CompiledGrant[];
  /** Those of them that reach a cluster. */
  grantsOn(actor: Actor, clusterId: string): readonly CompiledGrant[];
}

export function compileDecisionTable(rows: readonly GrantRow[]): DecisionTable {
  const roles = new Map<string, CompiledRole>();
  const rulesOfRoles = new Map(rows.map(({ role }) => [role.id, role.rules]));
  const vocabulary = new Vocabulary([...rulesOfRoles.values()].flat());
  const bySubject: Record<SubjectKind, Map<string, CompiledGrant[]>> = {
    user: new Map(),
    group: new Map(),
    application: new Map(),
  };
  for (const row of rows) {
    const role = roles.get(row.role.id) ?? compileRole(row.role, vocabulary);
    roles.set(role.id, role);
    const grants = bySubject[row.subjectKind];
    grants.set(row.subject, [...(grants.get(row.subject) ?? []), compileGrant(row, role)]);
  }
  const collect = (actor: Actor): CompiledGrant[] => {
    if (actor.kind === "application") return bySubject.application.get(actor.id) ?? [];
    if (actor.kind !== "user") return [];
    const own = bySubject.user.get(actor.id) ?? [];
    return [...own, ...actor.groupIds.flatMap((id) => bySubject.group.get(id) ?? [])];
  };
  // The calls of one token come with one object of its actor.
  const collected = new WeakMap<Actor, readonly CompiledGrant[]>();
  const grantsOf = (actor: Actor): readonly CompiledGrant[] => {
    const grants = collected.get(actor) ?? collect(actor).toSorted(byNarrowness);
    collected.set(actor, grants);
    return grants;
  };
  // By actor, then by cluster: only those that are registered are asked about.
  const onClusters = new WeakMap<Actor, Map<string, readonly CompiledGrant[]>>();
  const byNamespaceLabels = rows.filter(asksNamespaceLabels).map((row) => compileScope(scopeOf(row)));
  const asked = new Map<string, boolean>();
  const nodePoolClusters = rows.flatMap(({ scope }) =>
    scope?.kind === "nodePool" ? (scope.parts ?? []).flatMap(({ clusterIds }) => clusterIds) : [],
  );
  return {
    cellOf: (request) => vocabulary.cellOf(request),
    nodePoolClusters: () => [...new Set(nodePoolClusters)],
    asksNamespaceLabels(clusterId) {
      const answer = asked.get(clusterId) ?? byNamespaceLabels.some((scope) => scope.reaches(clusterId));
      asked.set(clusterId, answer);
      return answer;
    },
    grantsOf,
    grantsOn(actor, clusterId) {
      const byCluster = onClusters.get(actor) ?? new Map<string, readonly CompiledGrant[]>();
      const known = byCluster.get(clusterId);
      if (known !== undefined) return known;
      const grants = grantsOf(actor).filter(({ scope }) => scope.reaches(clusterId));
      byCluster.set(clusterId, grants);
      onClusters.set(actor, byCluster);
      return grants;
    },
  };
}

function asksNamespaceLabels({ role, scope }: GrantRow): boolean {
  const parts = scope?.kind === "project" || scope?.kind === "department" ? (scope.parts ?? []) : [];
  return (
    parts.some(({ namespaceLabels }) => Object.keys(namespaceLabels).length > 0) ||
    role.rules.some(
      ({ namespaceLabels, when }) =>
        Object.keys(namespaceLabels).length > 0 || when?.expression?.includes("namespaceLabels"),
    )
  );
}

function compileRole(role: GrantRow["role"], vocabulary: Vocabulary): CompiledRole {
  const rules = role.rules.map((rule, place) => ({ rule, compiled: compileRule(rule, place) }));
  const rulesOf = (effect: PolicyRule["effect"]) =>
    indexRules(
      rules.filter(({ rule }) => rule.effect === effect),
      vocabulary,
    );
  return {
    id: role.id,
    name: role.name,
    allow: rulesOf("allow"),
    deny: rulesOf("deny"),
    kubernetesUser: role.kubernetesUser ?? null,
    kubernetesGroups: role.kubernetesGroups,
    impersonateUsers: compileIdentityPatterns(role.impersonateUsers),
    impersonateGroups: compileIdentityPatterns(role.impersonateGroups),
    recording: role.recording,
    auditReads: role.auditReads ?? null,
    mentions: mentionsOf(role.rules),
  };
}

const scopeOf = ({ scope, clusterId, namespaces }: GrantRow): ScopeRow =>
  scope ?? { kind: "cluster", clusterId, namespaces };

function compileGrant(row: GrantRow, role: CompiledRole): CompiledGrant {
  return {
    id: row.grantId,
    origin: row.origin ?? "grant",
    agentTag: row.agentTag ?? null,
    scope: compileScope(scopeOf(row)),
    conditions: compileConditions(row),
    role,
    permits: new WeakMap(),
  };
}

/** The grant that says most precisely what it is for is named first, so that the same call is always allowed by the same role. */
function byNarrowness(a: CompiledGrant, b: CompiledGrant): number {
  return (
    a.scope.breadth - b.scope.breadth || compareText(a.role.name, b.role.name) || compareText(a.id, b.id)
  );
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
