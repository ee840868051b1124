import { z } from "zod";
import { nameText } from "../../names/schema.ts";
import { clusterSelector, Description, Labels } from "../scopes/schema.ts";

/** A part of a node pool: the nodes with all of these labels, on clusters of one of these names that have all of these labels. */
export const NodePoolMember = z
  .strictObject({ ...clusterSelector, nodeLabels: Labels })
  .refine(({ clusters, clusterLabels }) => clusters.length + Object.keys(clusterLabels).length > 0, {
    path: ["clusters"],
    message: "takes at least one cluster, by name or by label",
  })
  .refine(({ nodeLabels }) => Object.keys(nodeLabels).length > 0, {
    path: ["nodeLabels"],
    message: "takes at least one label of nodes",
  });
export type NodePoolMember = z.infer<typeof NodePoolMember>;

const MEMBERS = "takes 1 to 100 members, each clusters with labels of nodes";
const Members = z.array(NodePoolMember, MEMBERS).min(1, MEMBERS).max(100, MEMBERS);

export const NodePoolView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    members: z.array(NodePoolMember),
    /** How many grants that are not revoked name it. */
    grants: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "NodePool" });
export type NodePoolView = z.infer<typeof NodePoolView>;

export const CreateNodePoolInput = z.strictObject({
  name: nameText(100),
  description: Description.default(""),
  members: Members,
});
export type CreateNodePoolInput = z.input<typeof CreateNodePoolInput>;

/** What is left out stays as it is. */
export const UpdateNodePoolInput = z.strictObject({
  name: nameText(100).optional(),
  description: Description.optional(),
  members: Members.optional(),
});
export type UpdateNodePoolInput = z.input<typeof UpdateNodePoolInput>;
