import type { Actor } from "../context.ts";
import type { Circumstances } from "./policy/circumstances.ts";
import { meets } from "./policy/conditions.ts";
import { currentDecisionTable } from "./table/current.ts";

/** What somebody may reach of a cluster, whatever they may do there. */
export interface ClusterAccess {
  /** Null: every namespace. Those that a grant has by name: of a project's patterns and labels none is among them. */
  namespaces: readonly string[] | null;
}

/** Whether any grant of the actor's reaches the cluster now; null where none does. From memory. */
export function clusterAccess(
  actor: Actor,
  clusterId: string,
  circumstances: Circumstances,
): ClusterAccess | null {
  const grants = currentDecisionTable()
    .grantsOf(actor)
    .filter(({ scope }) => scope.isUnderstood && scope.reaches(clusterId))
    .filter((grant) => meets(grant.conditions, circumstances).holds);
  if (grants.length === 0) return null;
  const named = grants.map(({ scope }) => scope.namespacesOn(clusterId));
  if (named.includes(null)) return { namespaces: null };
  return { namespaces: [...new Set(named.flatMap((namespaces) => namespaces ?? []))].sort() };
}

/** Whether a grant on a node pool of the actor's counts on the cluster. From memory. */
export function hasNodePoolGrant(actor: Actor, clusterId: string): boolean {
  return currentDecisionTable()
    .grantsOf(actor)
    .some(({ scope }) => scope.kind === "nodePool" && scope.reaches(clusterId));
}
