import { z } from "zod";
import { LABEL_KEY, LABEL_VALUE } from "../../names/schema.ts";

// Browser-safe: the console's forms and the API parse with the same schemas.

/** At most so many projects, departments and node pools, of each: every process has them in memory. */
export const MOST_OF_A_KIND = 1_000;

const LABELS_TAKEN = 'takes labels as Kubernetes has them, such as {"team": "payments"}';

/** Labels that something must all have, each with this value. */
export const Labels = z
  .record(
    z.string().regex(LABEL_KEY, LABELS_TAKEN),
    z.string(LABELS_TAKEN).regex(LABEL_VALUE, LABELS_TAKEN),
    LABELS_TAKEN,
  )
  .refine((labels) => Object.keys(labels).length <= 20, "takes at most 20 labels");
export type Labels = z.infer<typeof Labels>;

/** A cluster's name; each `*` stands for any characters, none among them. */
const ClusterPattern = z
  .string("takes the name of a cluster, or a pattern such as prod-*")
  .regex(/^[A-Za-z0-9*._-]{1,63}$/, "takes the name of a cluster, or a pattern such as prod-*");

/** A namespace's name (RFC 1123 label); each `*` stands for any characters, none among them. */
const NamespacePattern = z
  .string("takes the name of a namespace, or a pattern such as team-a-*")
  .regex(
    /^[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?$/,
    "takes the name of a namespace, or a pattern such as team-a-*",
  );

/** Which clusters: of one of these names, and with all of these labels. An empty list or no labels ask for nothing. */
const clusterSelector = {
  clusters: z.array(ClusterPattern).max(100, "takes at most 100 clusters").default([]),
  clusterLabels: Labels.default({}),
};

const CLUSTERS_NEEDED = "takes at least one cluster, by name or by label";
const NAMESPACES_NEEDED = "takes at least one namespace, by name or by label";

/**
 * A part of a project: namespaces of clusters. Clusters are of one of these names and have all of these labels, namespaces too; what is
 * left empty is not asked for, but one of each pair is given. `*` alone is every one.
 */
export const ProjectMember = z
  .strictObject({
    ...clusterSelector,
    namespaces: z.array(NamespacePattern).max(1_000, "takes at most 1000 namespaces").default([]),
    namespaceLabels: Labels.default({}),
  })
  .refine(({ clusters, clusterLabels }) => clusters.length + Object.keys(clusterLabels).length > 0, {
    path: ["clusters"],
    message: CLUSTERS_NEEDED,
  })
  .refine(({ namespaces, namespaceLabels }) => namespaces.length + Object.keys(namespaceLabels).length > 0, {
    path: ["namespaces"],
    message: NAMESPACES_NEEDED,
  });
export type ProjectMember = z.infer<typeof ProjectMember>;

/** A part of a node pool: the nodes with all of these labels, on clusters of one of these names that have all of these labels. */
export const NodePoolMember = z
  .strictObject({ ...clusterSelector, nodeLabels: Labels })
  .refine(({ clusters, clusterLabels }) => clusters.length + Object.keys(clusterLabels).length > 0, {
    path: ["clusters"],
    message: CLUSTERS_NEEDED,
  })
  .refine(({ nodeLabels }) => Object.keys(nodeLabels).length > 0, {
    path: ["nodeLabels"],
    message: "takes at least one label of nodes",
  });
export type NodePoolMember = z.infer<typeof NodePoolMember>;

/** A text of a person's about what they made. */
export const Description = z.string("takes a text").trim().max(500, "takes at most 500 characters");

/** What of a list is asked for. */
export const ListScopesQuery = z.strictObject({
  /** A part of the name or the description, in any case. */
  search: z.string().max(200, "takes at most 200 characters").optional(),
  limit: z.coerce
    .number("takes 1 to 1000")
    .int("takes 1 to 1000")
    .min(1, "takes 1 to 1000")
    .max(1_000, "takes 1 to 1000")
    .default(100),
  offset: z.coerce
    .number("takes 0 or more")
    .int("takes 0 or more")
    .min(0, "takes 0 or more")
    .max(1_000_000, "takes 0 to 1000000")
    .default(0),
});
export type ListScopesQuery = z.input<typeof ListScopesQuery>;

/** A thing by its id, and its name now. */
export const Named = z.object({ id: z.uuid(), name: z.string() });
export type Named = z.infer<typeof Named>;

/** RFC 1123 label, as Kubernetes takes a namespace's name. */
const Namespace = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "takes the name of a namespace: a-z, 0-9 and -");
const nameOf = (takes: string) => z.string(takes).min(1, takes).max(254, "takes at most 254 characters");

/** Where a grant is to count: a cluster with namespaces, or one of the three others. */
export const scopeInput = {
  /** A cluster's name or id; null for every cluster. Left out where a project, a department or a node pool says where. */
  cluster: nameOf("takes a cluster's name or id, or null for every cluster").nullable().optional(),
  /** Of the cluster: empty for every namespace and what has none. */
  namespaces: z.array(Namespace).max(1_000, "takes at most 1000 namespaces").default([]),
  /** A project's name or id: it counts in its namespaces. */
  project: nameOf("takes a project's name or id").nullable().optional(),
  /** A department's name or id: it counts in the namespaces of its projects. */
  department: nameOf("takes a department's name or id").nullable().optional(),
  /** A node pool's name or id: it counts for its nodes, and the pods on them. */
  nodePool: nameOf("takes a node pool's name or id").nullable().optional(),
};
type ScopeInput = z.output<z.ZodObject<typeof scopeInput>>;

/** One of cluster, project, department and node pool is given. A cluster of null, which is every one, has to be said. */
export function requireOneScope(
  { cluster, namespaces, project, department, nodePool }: ScopeInput,
  context: z.RefinementCtx,
): void {
  const refuse = (field: string, message: string) =>
    context.addIssue({ code: "custom", path: [field], message });
  const others = Object.entries({ project, department, nodePool }).filter(
    ([, text]) => typeof text === "string",
  );
  const [first, second] = others;
  if (!first) {
    if (cluster === undefined)
      refuse(
        "cluster",
        "takes a cluster's name or id, or null for every cluster; or give project, department or nodePool",
      );
    return;
  }
  if (second) refuse(second[0], `takes nothing where ${first[0]} is given: a grant counts in one of them`);
  if (typeof cluster === "string") refuse("cluster", `takes nothing where ${first[0]} is given`);
  if (namespaces.length > 0)
    refuse("namespaces", `takes nothing where ${first[0]} is given, which says where`);
}
