import type { Actor } from "../context.ts";
import type { Circumstances } from "./policy/circumstances.ts";
import { meets } from "./policy/conditions.ts";
import { currentDecisionTable } from "./table/current.ts";

/** What somebody may reach of a cluster, whatever they may do there. */
export interface ClusterAccess {
  /** Null: every namespace. */
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
    .filter((grant) => grant.clusterId === null || grant.clusterId === clusterId)
    .filter((grant) => meets(grant.conditions, circumstances).holds);
  if (grants.length === 0) return null;
  if (grants.some(({ namespaces }) => namespaces === null)) return { namespaces: null };
  return { namespaces: [...new Set(grants.flatMap(({ namespaces }) => [...(namespaces ?? [])]))].sort() };
}
