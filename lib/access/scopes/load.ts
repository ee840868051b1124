import { z } from "zod";
import { log } from "../../log.ts";
import type { NamespacesPart, NodesPart, ScopeRow } from "../policy/scope.ts";
import { NodePoolMember, ProjectMember } from "./schema.ts";
import { type SelectableCluster, selectClusters } from "./select-clusters.ts";

/** Runs one statement. */
export type RunQuery = <R extends object>(text: string) => Promise<R[]>;

/** Projects, departments and node pools with the clusters that they have now. */
export interface Scopes {
  projects: ReadonlyMap<string, NamedParts<NamespacesPart>>;
  departments: ReadonlyMap<string, NamedParts<NamespacesPart> & { projectIds: readonly string[] }>;
  nodePools: ReadonlyMap<string, NamedParts<NodesPart>>;
}

interface NamedParts<Part> {
  name: string;
  /** Null where they are not understood: another version wrote them. */
  parts: readonly Part[] | null;
}

/** Where no grant names one of them. */
export const NO_SCOPES: Scopes = { projects: new Map(), departments: new Map(), nodePools: new Map() };

/**
 * What a grant on a project, a department or a node pool has for a cluster: none. To whoever does not look at the other columns, null would
 * be every cluster.
 */
export const NO_CLUSTER = "00000000-0000-0000-0000-000000000000";

/** Which of them a grant names; at most one is not null. */
export interface ScopeReference {
  projectId: string | null;
  departmentId: string | null;
  nodePoolId: string | null;
}

const ProjectMembers = z.array(ProjectMember);
const NodePoolMembers = z.array(NodePoolMember);
const ClusterLabels = z.record(z.string(), z.string()).catch({});

interface MembersRow {
  id: string;
  name: string;
  members: unknown;
}

/** All of them, in memory: there are at most a thousand of each. */
export async function loadScopes(run: RunQuery): Promise<Scopes> {
  const [clusterRows, projectRows, departmentRows, poolRows] = await Promise.all([
    run<SelectableCluster>("select id, name, labels from clusters where removed_at is null"),
    run<MembersRow>("select id, name, members from projects"),
    run<{ id: string; name: string; project_ids: string[] }>(
      `select d.id, d.name, coalesce(array_agg(p.project_id) filter (where p.project_id is not null), '{}') as project_ids
       from departments d left join department_projects p on p.department_id = d.id group by d.id, d.name`,
    ),
    run<MembersRow>("select id, name, members from node_pools"),
  ]);
  const clusters = clusterRows.map((row) => ({ ...row, labels: ClusterLabels.parse(row.labels) }));
  const projects = new Map(
    projectRows.map(({ id, name, members }) => {
      const parts = read(ProjectMembers, name, members)?.map((member) => ({
        clusterIds: selectClusters(member, clusters),
        namespaces: member.namespaces,
        namespaceLabels: member.namespaceLabels,
      }));
      return [id, { name, parts: parts ?? null }] as const;
    }),
  );
  const departments = new Map(
    departmentRows.map(({ id, name, project_ids: projectIds }) => {
      const held = projectIds.map((projectId) => projects.get(projectId)?.parts ?? null);
      const isKnown = !held.includes(null);
      return [
        id,
        { name, projectIds, parts: isKnown ? held.flatMap((parts) => parts ?? []) : null },
      ] as const;
    }),
  );
  const nodePools = new Map(
    poolRows.map(({ id, name, members }) => {
      const parts = read(NodePoolMembers, name, members)?.map((member) => ({
        clusterIds: selectClusters(member, clusters),
        nodeLabels: member.nodeLabels,
      }));
      return [id, { name, parts: parts ?? null }] as const;
    }),
  );
  return { projects, departments, nodePools };
}

function read<T>(schema: z.ZodType<T>, name: string, members: unknown): T | null {
  const parsed = schema.safeParse(members);
  if (!parsed.success)
    log.error(
      { name },
      "the members of a project or a node pool are not understood: a grant on it allows nothing",
    );
  return parsed.success ? parsed.data : null;
}

/** Differs whenever what `loadScopes` reads does. */
export const SCOPES_FINGERPRINT = `
  (select concat_ws(' ', count(*), max(updated_at)) from projects),
  (select concat_ws(' ', count(*), max(updated_at)) from departments),
  (select concat_ws(' ', count(*), max(updated_at)) from node_pools),
  (select concat_ws(' ', count(*), count(removed_at), max(updated_at)) from clusters)`;

type NamedScope = Exclude<ScopeRow, { kind: "cluster" }>;

/** The clusters on which it has anything now. */
export function clustersOf({ parts }: NamedScope): string[] {
  return [...new Set((parts ?? []).flatMap(({ clusterIds }) => clusterIds))];
}

/** Where a grant counts that names one of them; null where it names none. What is not there is not known. */
export function scopeOf(
  scopes: Scopes,
  { projectId, departmentId, nodePoolId }: ScopeReference,
): NamedScope | null {
  if (projectId !== null) {
    return { kind: "project", ...(scopes.projects.get(projectId) ?? notThere(projectId)) };
  }
  if (departmentId !== null) {
    return { kind: "department", ...(scopes.departments.get(departmentId) ?? notThere(departmentId)) };
  }
  if (nodePoolId !== null) {
    return {
      kind: "nodePool",
      id: nodePoolId,
      ...(scopes.nodePools.get(nodePoolId) ?? notThere(nodePoolId)),
    };
  }
  return null;
}

const notThere = (id: string) => ({ name: id, parts: null });
