import { z } from "zod";
import { nameText } from "../../names/schema.ts";
import { Description, NodePoolMember } from "../scopes/schema.ts";

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
