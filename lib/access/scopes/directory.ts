import type { Labels } from "../policy/labels.ts";
import { compilePatterns, type PatternSet } from "../policy/pattern.ts";
import { hasLabels } from "../policy/scope.ts";
import type { Scopes } from "./load.ts";

/** In which projects and departments something is, by name. */
export interface Memberships {
  projects: string[];
  departments: string[];
}

/** Tells in which projects a namespace is, and which node pools a node is in. What is only there if a label is that is not known, is not. */
export interface ProjectDirectory {
  projectsOf(clusterId: string, namespace: string, labels: Labels | null): Memberships;
  nodePoolsOf(clusterId: string, nodeLabels: Labels | null): string[];
  /** Whether a project goes by the labels of the cluster's namespaces. */
  asksNamespaceLabels(clusterId: string): boolean;
}

interface Member {
  project: string;
  departments: readonly string[];
  /** Null: of any name. */
  names: PatternSet | null;
  labels: Labels;
}

interface MembersOfCluster {
  /** Those whose namespace is named, by its name: the most, which are not looked through. */
  named: Map<string, Member[]>;
  others: Member[];
}

export function compileDirectory({ projects, departments, nodePools }: Scopes): ProjectDirectory {
  const departmentsOf = new Map<string, string[]>();
  for (const { name, projectIds } of departments.values())
    for (const id of projectIds) departmentsOf.set(id, [...(departmentsOf.get(id) ?? []), name]);

  const clusters = new Map<string, MembersOfCluster>();
  const membersOf = (clusterId: string) => {
    const members: MembersOfCluster = clusters.get(clusterId) ?? { named: new Map(), others: [] };
    clusters.set(clusterId, members);
    return members;
  };
  for (const [id, { name: project, parts }] of projects) {
    for (const { clusterIds, namespaces, namespaceLabels: labels } of parts ?? []) {
      const of = { project, departments: departmentsOf.get(id) ?? [], labels };
      const patterns = namespaces.filter((name) => name.includes("*"));
      for (const members of clusterIds.map(membersOf)) {
        for (const name of namespaces) {
          if (name.includes("*")) continue;
          members.named.set(name, [...(members.named.get(name) ?? []), { ...of, names: null }]);
        }
        if (namespaces.length === 0) members.others.push({ ...of, names: null });
        else if (patterns.length > 0) members.others.push({ ...of, names: compilePatterns(patterns) });
      }
    }
  }

  const byLabels = new Set(
    [...projects.values()]
      .flatMap(({ parts }) => parts ?? [])
      .filter(({ namespaceLabels }) => Object.keys(namespaceLabels).length > 0)
      .flatMap(({ clusterIds }) => clusterIds),
  );

  return {
    asksNamespaceLabels: (clusterId) => byLabels.has(clusterId),
    projectsOf(clusterId, namespace, labels) {
      const members = clusters.get(clusterId);
      if (!members || namespace === "") return { projects: [], departments: [] };
      const named = (members.named.get(namespace) ?? []).filter((member) => hasLabels(labels, member.labels));
      const others = members.others.filter(
        (member) => (member.names?.matches(namespace) ?? true) && hasLabels(labels, member.labels),
      );
      const held = [...named, ...others];
      return {
        projects: sorted(held.map(({ project }) => project)),
        departments: sorted(held.flatMap((member) => member.departments)),
      };
    },
    nodePoolsOf: (clusterId, nodeLabels) =>
      sorted(
        [...nodePools.values()].flatMap(({ name, parts }) =>
          (parts ?? []).some(
            (part) => part.clusterIds.includes(clusterId) && hasLabels(nodeLabels, part.nodeLabels),
          )
            ? [name]
            : [],
        ),
      ),
  };
}

const sorted = (names: readonly string[]) => [...new Set(names)].sort();
