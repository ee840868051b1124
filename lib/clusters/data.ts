import type { Cluster, ClusterHealth as HealthRow } from "../../prisma/generated/client.ts";
import { listOwnGrants } from "../access/grants/data.ts";
import { requireIdentity, requirePermission } from "../access/permission.ts";
import type { Context } from "../context.ts";
import { database } from "../db/connection.ts";
import { AppError } from "../errors.ts";
import { ClusterLabels } from "./labels/schema.ts";
import type { RegisteredCluster } from "./registry.ts";
import {
  ClusterConnection,
  ClusterHealth,
  ClusterView,
  type ClusterWithHealth,
  TunnelCredential,
} from "./schema.ts";

/** Every registered cluster, by name. */
export async function listClusters({ ctx }: { ctx: Context }): Promise<ClusterWithHealth[]> {
  requirePermission(ctx, "clusters:read");
  const rows = await database().cluster.findMany({
    where: { removedAt: null },
    orderBy: { name: "asc" },
    include: { health: true },
  });
  return rows.map(viewWithHealth);
}

/** The clusters that the one who asks may call: those of their grants. */
export async function listOwnClusters({ ctx }: { ctx: Context }): Promise<ClusterView[]> {
  requireIdentity(ctx);
  const [clusters, grants] = await Promise.all([findAll(), listOwnGrants({ ctx })]);
  if (ctx.actor.kind === "system") return clusters;
  if (grants.some(({ clusterIds }) => clusterIds === null)) return clusters;
  const granted = new Set(grants.flatMap(({ clusterIds }) => clusterIds ?? []));
  return clusters.filter(({ id }) => granted.has(id));
}

/** @throws AppError `not_found`. */
export async function getCluster({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<ClusterWithHealth> {
  requirePermission(ctx, "clusters:read");
  const where = { id: input.id, removedAt: null };
  const row = await database().cluster.findFirst({ where, include: { health: true } });
  if (!row) throw new AppError("not_found", "There is no cluster with that id.");
  return viewWithHealth(row);
}

async function findAll(): Promise<ClusterView[]> {
  const rows = await database().cluster.findMany({ where: { removedAt: null }, orderBy: { name: "asc" } });
  return rows.map(viewCluster);
}

function viewWithHealth(row: Cluster & { health: HealthRow | null }): ClusterWithHealth {
  // What another version found and this one does not know is as if nobody had looked: the next check says it anew.
  const health = ClusterHealth.safeParse(row.health?.health);
  return { ...viewCluster(row), health: health.success ? health.data : null };
}

/** A row as the gateway calls it. */
export function registeredCluster(row: Cluster): RegisteredCluster {
  return {
    ...row,
    labels: ClusterLabels.parse(row.labels),
    connection: ClusterConnection.parse(row.connection),
    tunnelCredential: TunnelCredential.parse(row.tunnelCredential),
    revision: row.updatedAt.toISOString(),
  };
}

export function viewCluster(row: Cluster): ClusterView {
  const { id, name, endpoint, certificateAuthority, tlsServerName, insecureSkipTlsVerify } = row;
  return {
    id,
    name,
    endpoint,
    certificateAuthority,
    tlsServerName,
    insecureSkipTlsVerify,
    credentialKind: ClusterView.shape.credentialKind.parse(row.credentialKind),
    labels: ClusterLabels.parse(row.labels),
    connection: ClusterConnection.parse(row.connection),
    agentTag: row.agentTag,
    tunnelCredential: TunnelCredential.parse(row.tunnelCredential),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
