import type { Labels } from "./labels.ts";
import { compilePatterns, type PatternSet } from "./pattern.ts";
import type { RequestAttributes } from "./request-attributes.ts";
import { touchesManyNamespaces } from "./rule.ts";

/** Namespaces of clusters: of one of these names (patterns; none: of any name) and with all of these labels. */
export interface NamespacesPart {
  clusterIds: readonly string[];
  namespaces: readonly string[];
  namespaceLabels: Labels;
}

/** The nodes of clusters with all of these labels. */
export interface NodesPart {
  clusterIds: readonly string[];
  nodeLabels: Labels;
}

/** Where a grant counts, with names and labels of clusters resolved to their ids. Parts are null where they are not understood. */
export type ScopeRow =
  /** `clusterId` null: every cluster; `namespaces` empty: every namespace, and what has none. */
  | { kind: "cluster"; clusterId: string | null; namespaces: readonly string[] }
  | { kind: "project" | "department"; name: string; parts: readonly NamespacesPart[] | null }
  | { kind: "nodePool"; id: string; name: string; parts: readonly NodesPart[] | null };

/** What is known of what a call is about, beside what it says itself. */
export interface ScopeFacts {
  clusterId: string;
  /** Of the request's namespace; null where they are not known. */
  namespaceLabels: Labels | null;
  /** The labels of the node that the request is about, by its name or its pod's; null where they are not known. */
  nodeLabels: Labels | null;
}

/**
 * Where a grant counts. A pure function of what is asked and of the facts: true, false, or null where a fact that decides is not known,
 * or what is asked may touch what is in it and what is not. Not known is not allowed; a denial holds for it.
 */
export interface Scope {
  kind: ScopeRow["kind"];
  /** False: nobody knows where it counts, and nothing is allowed by it. */
  isUnderstood: boolean;
  /** Orders grants: what says most precisely what it is for comes first. */
  breadth: number;
  /** Whether it has anything on the cluster. */
  reaches(clusterId: string): boolean;
  covers(request: RequestAttributes, facts: ScopeFacts): boolean | null;
  /** Whether the namespace of the request is one of those that it is for: a tool may look at it. */
  namesNamespace(namespace: string, facts: ScopeFacts): boolean;
  /** The namespaces on a cluster that it has by name; null: every one. */
  namespacesOn(clusterId: string): readonly string[] | null;
  /** `namespaces a, b`, `project team-a`: what to say of it in a denial. Null where it is for every namespace. */
  words: string | null;
}

export function compileScope(row: ScopeRow): Scope {
  if (row.kind !== "cluster" && row.parts === null) return unknownScope(row);
  switch (row.kind) {
    case "cluster":
      return clusterScope(row.clusterId, row.namespaces);
    case "project":
    case "department":
      return namespacesScope(row);
    case "nodePool":
      return nodesScope(row);
  }
}

/** From the most precise. */
const BREADTH = {
  namespacesOfCluster: 0,
  nodePool: 1,
  project: 2,
  department: 3,
  namespacesOfEach: 4,
  cluster: 5,
  everything: 6,
};

function clusterScope(clusterId: string | null, namespaces: readonly string[]): Scope {
  const reaches = (id: string) => clusterId === null || clusterId === id;
  if (namespaces.length === 0) {
    return {
      kind: "cluster",
      isUnderstood: true,
      breadth: clusterId === null ? BREADTH.everything : BREADTH.cluster,
      reaches,
      covers: () => true,
      namesNamespace: () => false,
      namespacesOn: () => null,
      words: null,
    };
  }
  const named = new Set(namespaces);
  return {
    kind: "cluster",
    isUnderstood: true,
    breadth: clusterId === null ? BREADTH.namespacesOfEach : BREADTH.namespacesOfCluster,
    reaches,
    covers: (request) =>
      touchesManyNamespaces(request) ? null : isInNamespace(request) && named.has(request.namespace),
    namesNamespace: (namespace) => named.has(namespace),
    namespacesOn: () => namespaces,
    words: `${namespaces.length === 1 ? "namespace" : "namespaces"} ${namespaces.join(", ")}`,
  };
}

/** It allows nothing, and what its role denies is denied everywhere: that may be where it is for. */
function unknownScope({ kind, name }: Exclude<ScopeRow, { kind: "cluster" }>): Scope {
  return {
    kind,
    isUnderstood: false,
    breadth: BREADTH.everything,
    reaches: () => true,
    covers: () => null,
    namesNamespace: () => false,
    namespacesOn: () => [],
    words: `${SCOPE_NOUNS[kind]} ${name}`,
  };
}

const SCOPE_NOUNS = { project: "project", department: "department", nodePool: "node pool" };

const isInNamespace = (request: RequestAttributes) => request.isResourceRequest && request.namespace !== "";

interface CompiledNamespaces {
  names: PatternSet | null;
  labels: Labels;
}

function namespacesScope({
  kind,
  name,
  parts: stored,
}: Extract<ScopeRow, { kind: "project" | "department" }>): Scope {
  const parts = stored ?? [];
  const byCluster = groupByCluster(parts, ({ namespaces, namespaceLabels }) => ({
    names: namespaces.length === 0 ? null : compilePatterns(namespaces),
    labels: namespaceLabels,
  }));
  const has = (namespace: string, { clusterId, namespaceLabels }: ScopeFacts) =>
    anyHolds(byCluster.get(clusterId) ?? [], (part) => isOf(part, namespace, namespaceLabels));
  return {
    kind,
    isUnderstood: true,
    breadth: BREADTH[kind],
    reaches: (clusterId) => byCluster.has(clusterId),
    covers: (request, facts) =>
      touchesManyNamespaces(request) ? null : isInNamespace(request) && has(request.namespace, facts),
    namesNamespace: (namespace, facts) => has(namespace, facts) === true,
    namespacesOn: (clusterId) => [
      ...new Set(parts.filter(({ clusterIds }) => clusterIds.includes(clusterId)).flatMap(namesOf)),
    ],
    words: `${SCOPE_NOUNS[kind]} ${name}`,
  };
}

/** Those that are sure to be covered whatever labels they have, and are no patterns. */
function namesOf({ namespaces, namespaceLabels }: NamespacesPart): readonly string[] {
  return Object.keys(namespaceLabels).length > 0 ? [] : namespaces.filter((name) => !name.includes("*"));
}

function isOf(
  { names, labels }: CompiledNamespaces,
  namespace: string,
  known: Labels | null,
): boolean | null {
  if (names !== null && !names.matches(namespace)) return false;
  return hasLabels(known, labels);
}

function nodesScope({ name, parts }: Extract<ScopeRow, { kind: "nodePool" }>): Scope {
  const byCluster = groupByCluster(parts ?? [], ({ nodeLabels }) => nodeLabels);
  return {
    kind: "nodePool",
    isUnderstood: true,
    breadth: BREADTH.nodePool,
    reaches: (clusterId) => byCluster.has(clusterId),
    covers: (request, { clusterId, nodeLabels }) =>
      isOfNodes(request) &&
      anyHolds(byCluster.get(clusterId) ?? [], (labels) => hasLabels(nodeLabels, labels)),
    namesNamespace: () => false,
    namespacesOn: () => [],
    words: `${SCOPE_NOUNS.nodePool} ${name}`,
  };
}

/** Nodes, and what runs on them. */
export function isOfNodes({
  isResourceRequest,
  apiGroup,
  resource,
}: Pick<RequestAttributes, "isResourceRequest" | "apiGroup" | "resource">): boolean {
  return isResourceRequest && apiGroup === "" && (resource === "nodes" || resource === "pods");
}

/** Whether a set of labels has all that are wanted; null where one is wanted and the set is not known. */
export function hasLabels(labels: Labels | null, wanted: Labels): boolean | null {
  for (const key in wanted) {
    if (labels === null) return null;
    if (!Object.hasOwn(labels, key) || labels[key] !== wanted[key]) return false;
  }
  return true;
}

/** True where it is for one, else null where it is for one. */
function anyHolds<T>(items: readonly T[], holds: (item: T) => boolean | null): boolean | null {
  let answer: boolean | null = false;
  for (const item of items) {
    const held = holds(item);
    if (held === true) return true;
    if (held === null) answer = null;
  }
  return answer;
}

function groupByCluster<P extends { clusterIds: readonly string[] }, C>(
  parts: readonly P[],
  compile: (part: P) => C,
): Map<string, C[]> {
  const byCluster = new Map<string, C[]>();
  for (const part of parts) {
    const compiled = compile(part);
    for (const id of part.clusterIds) byCluster.set(id, [...(byCluster.get(id) ?? []), compiled]);
  }
  return byCluster;
}
