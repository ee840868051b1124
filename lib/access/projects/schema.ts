import { z } from "zod";
import { nameText } from "../../names/schema.ts";
import { clusterSelector, Description, Labels, Named, NamespacePattern } from "../scopes/schema.ts";

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

const MEMBERS = "takes 1 to 100 members, each clusters with namespaces";
const Members = z.array(ProjectMember, MEMBERS).min(1, MEMBERS).max(100, MEMBERS);

export const ProjectView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    members: z.array(ProjectMember),
    /** Those that it is in. */
    departments: z.array(Named),
    /** How many grants that are not revoked name it. */
    grants: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Project" });
export type ProjectView = z.infer<typeof ProjectView>;

export const CreateProjectInput = z.strictObject({
  name: nameText(100),
  description: Description.default(""),
  members: Members,
});
export type CreateProjectInput = z.input<typeof CreateProjectInput>;

/** What is left out stays as it is. */
export const UpdateProjectInput = z.strictObject({
  name: nameText(100).optional(),
  description: Description.optional(),
  members: Members.optional(),
});
export type UpdateProjectInput = z.input<typeof UpdateProjectInput>;
