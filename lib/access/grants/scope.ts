import type { Transaction } from "../../db/client.ts";
import { AppError } from "../../errors.ts";
import { NO_CLUSTER } from "../scopes/load.ts";
import { byIdOrName } from "../scopes/named.ts";
import type { Named } from "../scopes/schema.ts";
import { findCluster, type Reference } from "./references.ts";

/** What is asked for: one of these is given. `cluster` null: every cluster. */
interface WantedScope {
  cluster?: string | null;
  namespaces: readonly string[];
  project?: string | null;
  department?: string | null;
  nodePool?: string | null;
}

/** Where a grant counts, for its row and to be shown. */
export interface GrantScope {
  columns: {
    clusterId: string | null;
    namespaces: string[];
    projectId: string | null;
    departmentId: string | null;
    nodePoolId: string | null;
  };
  cluster: (Reference & { endpoint: string }) | null;
  project: Named | null;
  department: Named | null;
  nodePool: Named | null;
}

const NOTHING = { cluster: null, project: null, department: null, nodePool: null };

/** Finds what is named. A project, a department or a node pool is locked: it is not deleted while a grant on it is made. */
export async function findScope(tx: Transaction, wanted: WantedScope): Promise<GrantScope> {
  const none = {
    clusterId: NO_CLUSTER,
    namespaces: [],
    projectId: null,
    departmentId: null,
    nodePoolId: null,
  };
  const { project: projectText, department: departmentText, nodePool: nodePoolText } = wanted;
  if (typeof projectText === "string") {
    const project = await findNamed(tx, "project", projectText);
    return { ...NOTHING, project, columns: { ...none, projectId: project.id } };
  }
  if (typeof departmentText === "string") {
    const department = await findNamed(tx, "department", departmentText);
    return { ...NOTHING, department, columns: { ...none, departmentId: department.id } };
  }
  if (typeof nodePoolText === "string") {
    const nodePool = await findNamed(tx, "nodePool", nodePoolText);
    return { ...NOTHING, nodePool, columns: { ...none, nodePoolId: nodePool.id } };
  }
  const cluster = typeof wanted.cluster === "string" ? await findCluster(tx, wanted.cluster) : null;
  const namespaces = [...new Set(wanted.namespaces)].sort();
  return { ...NOTHING, cluster, columns: { ...none, clusterId: cluster?.id ?? null, namespaces } };
}

const NOUNS = { project: "project", department: "department", nodePool: "node pool" };

async function findNamed(tx: Transaction, kind: keyof typeof NOUNS, text: string): Promise<Named> {
  const find = { where: byIdOrName(text), select: { id: true, name: true } };
  const found =
    kind === "project"
      ? await tx.project.findFirst(find)
      : kind === "department"
        ? await tx.department.findFirst(find)
        : await tx.nodePool.findFirst(find);
  if (found && (await lock(tx, kind, found.id))) return found;
  const detail = { field: kind, got: JSON.stringify(text), takes: `the name or id of a ${NOUNS[kind]}` };
  throw new AppError("invalid_argument", `${kind}: got ${detail.got}; takes ${detail.takes}`, {
    details: [detail],
  });
}

/** Whether it is still there; from now on until the transaction ends. */
async function lock(tx: Transaction, kind: keyof typeof NOUNS, id: string): Promise<boolean> {
  const rows =
    kind === "project"
      ? await tx.$queryRaw<unknown[]>`select 1 from projects where id = ${id}::uuid for share`
      : kind === "department"
        ? await tx.$queryRaw<unknown[]>`select 1 from departments where id = ${id}::uuid for share`
        : await tx.$queryRaw<unknown[]>`select 1 from node_pools where id = ${id}::uuid for share`;
  return rows.length > 0;
}
