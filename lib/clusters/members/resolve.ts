import { namespaceLabelsOf } from "../../access/labels/namespace-labels.ts";
import { requirePermission } from "../../access/permission.ts";
import type { Labels } from "../../access/policy/labels.ts";
import { compilePatterns } from "../../access/policy/pattern.ts";
import { hasLabels, type NamespacesPart, type NodesPart } from "../../access/policy/scope.ts";
import { loadScopes, type RunQuery } from "../../access/scopes/load.ts";
import type { Context } from "../../context.ts";
import { pool } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import { nodeLabelsOf } from "../nodes/node-labels.ts";
import { listLabels } from "../objects/list-labels.ts";
import { findClusterById, type RegisteredCluster } from "../registry.ts";
import { upstreamFor } from "../upstream.ts";
import type { ScopeMembers } from "./schema.ts";

type ClusterMembers = Omit<ScopeMembers["clusters"][number], "cluster">;

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
  return byCluster(parts ?? [], async (cluster, held) =>
    nodesOn(held, nodeLabelsOf(cluster.id) ?? (await askLabels(cluster, "/api/v1/nodes"))),
  );
}

const run: RunQuery = async <R extends object>(text: string) => (await pool().query<R>(text)).rows;

function notFound(noun: string): never {
  throw new AppError("not_found", `There is no ${noun} with that id.`);
}

function namespacesOf({ parts }: { parts: readonly NamespacesPart[] | null }): Promise<ScopeMembers> {
  return byCluster(parts ?? [], async (cluster, held) =>
    namespacesOn(held, namespaceLabelsOf(cluster.id) ?? (await askLabels(cluster, "/api/v1/namespaces"))),
  );
}

const ANSWER_MS = 5_000;
/** So many clusters are asked, all at once. */
const MOST_ASKED = 25;

/** What the cluster has now; null where it does not tell. */
async function askLabels(
  cluster: RegisteredCluster,
  path: string,
): Promise<ReadonlyMap<string, Labels> | null> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    return (await listLabels(upstreamFor(cluster), { path, signal })).labels;
  } catch (error) {
    log.warn({ err: error, cluster: cluster.name, path }, "what a project means could not be read");
    return null;
  }
}

async function byCluster<P extends { clusterIds: readonly string[] }>(
  parts: readonly P[],
  members: (cluster: RegisteredCluster, held: readonly P[]) => Promise<ClusterMembers>,
): Promise<ScopeMembers> {
  const ids = [...new Set(parts.flatMap(({ clusterIds }) => clusterIds))];
  const clusters = ids.flatMap((id) => findClusterById(id) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
  const held = (id: string) => parts.filter(({ clusterIds }) => clusterIds.includes(id));
  const told = await Promise.all(
    clusters.slice(0, MOST_ASKED).map(async (cluster) => {
      const { id, name } = cluster;
      return { cluster: { id, name }, ...(await members(cluster, held(id))) };
    }),
  );
  const untold = clusters.slice(MOST_ASKED).map(({ id, name }) => {
    return { cluster: { id, name }, names: [], open: ["not asked: there are many clusters"] };
  });
  return { clusters: [...told, ...untold] };
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
