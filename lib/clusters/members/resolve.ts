import { requirePermission } from "../../access/permission.ts";
import { compilePatterns } from "../../access/policy/pattern.ts";
import { hasLabels, type NamespacesPart, type NodesPart } from "../../access/policy/scope.ts";
import { loadScopes, type RunQuery } from "../../access/scopes/load.ts";
import type { Context } from "../../context.ts";
import { pool } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { findClusterById } from "../registry.ts";
import type { ScopeMembers } from "./schema.ts";

type Labels = Readonly<Record<string, string>>;
type ClusterMembers = Omit<ScopeMembers["clusters"][number], "cluster">;

/** What a cluster has, by name, with labels; null where that is not known. */
type KnownNames = (clusterId: string) => ReadonlyMap<string, Labels> | null;

interface Input {
  ctx: Context;
  input: { id: string };
}

/** The namespaces that a project has today. @throws AppError `not_found`. */
export async function resolveProject({ ctx, input }: Input): Promise<ScopeMembers> {
  requirePermission(ctx, "projects:read");
  const found = (await loadScopes(run)).projects.get(input.id);
  return namespacesOf(found ?? notFound("project"));
}

/** The namespaces that a department has today. @throws AppError `not_found`. */
export async function resolveDepartment({ ctx, input }: Input): Promise<ScopeMembers> {
  requirePermission(ctx, "projects:read");
  const found = (await loadScopes(run)).departments.get(input.id);
  return namespacesOf(found ?? notFound("department"));
}

/** The nodes that a node pool has today. @throws AppError `not_found`. */
export async function resolveNodePool({ ctx, input }: Input): Promise<ScopeMembers> {
  requirePermission(ctx, "projects:read");
  const { parts } = (await loadScopes(run)).nodePools.get(input.id) ?? notFound("node pool");
  return byCluster(parts ?? [], (clusterId, held) => nodesOn(held, knownNodes(clusterId)));
}

const run: RunQuery = async <R extends object>(text: string) => (await pool().query<R>(text)).rows;

function notFound(noun: string): never {
  throw new AppError("not_found", `There is no ${noun} with that id.`);
}

const knownNamespaces: KnownNames = () => null;
const knownNodes: KnownNames = () => null;

function namespacesOf({ parts }: { parts: readonly NamespacesPart[] | null }): ScopeMembers {
  return byCluster(parts ?? [], (clusterId, held) => namespacesOn(held, knownNamespaces(clusterId)));
}

function byCluster<P extends { clusterIds: readonly string[] }>(
  parts: readonly P[],
  members: (clusterId: string, held: readonly P[]) => ClusterMembers,
): ScopeMembers {
  const ids = [...new Set(parts.flatMap(({ clusterIds }) => clusterIds))];
  const clusters = ids.flatMap((id) => {
    const cluster = findClusterById(id);
    if (!cluster) return [];
    const held = parts.filter(({ clusterIds }) => clusterIds.includes(id));
    return [{ cluster: { id, name: cluster.name }, ...members(id, held) }];
  });
  return { clusters: clusters.sort((a, b) => (a.cluster.name < b.cluster.name ? -1 : 1)) };
}

function namespacesOn(
  parts: readonly NamespacesPart[],
  known: ReadonlyMap<string, Labels> | null,
): ClusterMembers {
  const names = new Set<string>();
  const open: string[] = [];
  for (const { namespaces, namespaceLabels } of parts) {
    const patterns = namespaces.length === 0 ? null : compilePatterns(namespaces);
    for (const [name, labels] of known ?? [])
      if ((patterns?.matches(name) ?? true) && hasLabels(labels, namespaceLabels)) names.add(name);
    if (known !== null) continue;
    const isByName = Object.keys(namespaceLabels).length === 0;
    for (const name of namespaces) {
      if (isByName && !name.includes("*")) names.add(name);
      else open.push([name, labelsText(namespaceLabels)].filter(Boolean).join(" "));
    }
    if (namespaces.length === 0) open.push(labelsText(namespaceLabels));
  }
  return { names: [...names].sort(), open };
}

function nodesOn(parts: readonly NodesPart[], known: ReadonlyMap<string, Labels> | null): ClusterMembers {
  if (known === null) return { names: [], open: parts.map(({ nodeLabels }) => labelsText(nodeLabels)) };
  const names = [...known].filter(([, labels]) =>
    parts.some(({ nodeLabels }) => hasLabels(labels, nodeLabels)),
  );
  return { names: names.map(([name]) => name).sort(), open: [] };
}

const labelsText = (labels: Labels) =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
