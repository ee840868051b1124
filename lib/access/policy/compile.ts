import type { Actor } from "../../context.ts";
import { type Condition, compileConditions } from "./conditions.ts";
import { compileIdentityPatterns, type PatternSet } from "./pattern.ts";
import { type CompiledRule, compileRule } from "./rule.ts";
import type { PolicyRule, RoleRecording, SubjectKind } from "./schema.ts";
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
  expiresAt: Date | null;
  role: {
    id: string;
    name: string;
    rules: readonly PolicyRule[];
    kubernetesGroups: readonly string[];
    impersonateUsers: readonly string[];
    impersonateGroups: readonly string[];
    recording: RoleRecording;
  };
}

interface CompiledRole {
  id: string;
  name: string;
  allow: readonly CompiledRule[];
  deny: readonly CompiledRule[];
  kubernetesGroups: readonly string[];
  impersonateUsers: PatternSet;
  impersonateGroups: PatternSet;
  recording: RoleRecording;
}

export interface CompiledGrant {
  id: string;
  scope: Scope;
  conditions: readonly Condition[];
  role: CompiledRole;
}

/** Grants by subject. */
export interface DecisionTable {
  /** The actor's own and their groups', in the order in which they are tried. */
  grantsOf(actor: Actor): readonly CompiledGrant[];
}

export function compileDecisionTable(rows: readonly GrantRow[]): DecisionTable {
  const roles = new Map<string, CompiledRole>();
  const bySubject: Record<SubjectKind, Map<string, CompiledGrant[]>> = {
    user: new Map(),
    group: new Map(),
    application: new Map(),
  };
  for (const row of rows) {
    const role = roles.get(row.role.id) ?? compileRole(row.role);
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
  return {
    grantsOf(actor) {
      const grants = collected.get(actor) ?? collect(actor).toSorted(byNarrowness);
      collected.set(actor, grants);
      return grants;
    },
  };
}

function compileRole(role: GrantRow["role"]): CompiledRole {
  const rulesOf = (effect: PolicyRule["effect"]) =>
    role.rules.filter((rule) => rule.effect === effect).map(compileRule);
  return {
    id: role.id,
    name: role.name,
    allow: rulesOf("allow"),
    deny: rulesOf("deny"),
    kubernetesGroups: role.kubernetesGroups,
    impersonateUsers: compileIdentityPatterns(role.impersonateUsers),
    impersonateGroups: compileIdentityPatterns(role.impersonateGroups),
    recording: role.recording,
  };
}

function compileGrant(row: GrantRow, role: CompiledRole): CompiledGrant {
  return {
    id: row.grantId,
    scope: compileScope(
      row.scope ?? { kind: "cluster", clusterId: row.clusterId, namespaces: row.namespaces },
    ),
    conditions: compileConditions(row),
    role,
  };
}

/** The grant that says most precisely what it is for is named first, so that the same call is always allowed by the same role. */
function byNarrowness(a: CompiledGrant, b: CompiledGrant): number {
  return (
    a.scope.breadth - b.scope.breadth || compareText(a.role.name, b.role.name) || compareText(a.id, b.id)
  );
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
