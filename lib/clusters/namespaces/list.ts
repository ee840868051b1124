import { z } from "zod";
import { requirePermission } from "../../access/permission.ts";
import { listRoles } from "../../access/roles/data.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import { readAnswerText } from "../answer-text.ts";
import { askApiServer } from "../calls/ask-api-server.ts";
import { findCluster, type RegisteredCluster } from "../registry.ts";
import { type Upstream, upstreamFor } from "../upstream.ts";
import type { ClusterNamespaces, ListNamespacesQuery } from "./schema.ts";

const MOST_NAMESPACES = 1_000;
const ANSWER_MS = 5_000;
const MOST_BYTES = 4 * 1024 * 1024;
/** The name that the gateway's own question has in the cluster's audit log; it has no rights of its own. */
const ASKER = "kubewitness:console";

/** meta.k8s.io/v1 PartialObjectMetadataList: names without what else an object holds. */
const METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
const NamespaceList = z.object({
  metadata: z.object({ continue: z.string().optional() }).default({}),
  items: z.array(z.object({ metadata: z.object({ name: z.string() }) })),
});

/**
 * The namespaces of a cluster, seen with a role's Kubernetes groups: for who grants that role there. A cluster that cannot be asked or
 * does not tell is no error: the answer says why.
 * @throws AppError `not_found` for the cluster, `invalid_argument` for the role.
 */
export async function listNamespaces({
  ctx,
  input,
}: {
  ctx: Context;
  input: ListNamespacesQuery & { id: string };
}): Promise<ClusterNamespaces> {
  requirePermission(ctx, "access:write");
  const cluster = await requireCluster(input.id);
  const role = (await listRoles({ ctx })).find(({ name }) => name === input.role);
  if (!role) {
    const detail = { field: "role", got: JSON.stringify(input.role), takes: "a role's name" };
    throw new AppError("invalid_argument", `role: got ${detail.got}; takes ${detail.takes}`, {
      details: [detail],
    });
  }
  return askCluster(cluster, role.kubernetesGroups);
}

async function requireCluster(id: string): Promise<RegisteredCluster> {
  const row = await database().cluster.findFirst({ where: { id, removedAt: null } });
  const cluster = row && findCluster(row.name);
  if (!cluster) throw new AppError("not_found", "There is no cluster with that id.");
  return cluster;
}

async function askCluster(cluster: RegisteredCluster, groups: readonly string[]): Promise<ClusterNamespaces> {
  try {
    const { statusCode, text } = await request(upstreamFor(cluster), groups);
    if (statusCode !== 200)
      return unknown(`the cluster answered ${statusCode} when asked for its namespaces`);
    const list = NamespaceList.parse(JSON.parse(text));
    return {
      namespaces: list.items.map(({ metadata }) => metadata.name).sort(),
      complete: !list.metadata.continue,
      problem: null,
    };
  } catch (error) {
    log.warn({ err: error, cluster: cluster.name }, "the namespaces of a cluster could not be read");
    return unknown("the cluster could not be asked for its namespaces");
  }
}

const unknown = (problem: string): ClusterNamespaces => ({ namespaces: null, complete: false, problem });

async function request(
  upstream: Upstream,
  groups: readonly string[],
): Promise<{ statusCode: number; text: string }> {
  const authorization = await upstream.authorization();
  const { statusCode, body } = await askApiServer(upstream, {
    path: `/api/v1/namespaces?limit=${MOST_NAMESPACES}`,
    method: "GET",
    headers: [
      ...["Accept", METADATA_ONLY, "Impersonate-User", ASKER],
      ...groups.flatMap((group) => ["Impersonate-Group", group]),
      ...(authorization === null ? [] : ["Authorization", authorization]),
    ],
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  return { statusCode, text: await readAnswerText(body, MOST_BYTES) };
}
