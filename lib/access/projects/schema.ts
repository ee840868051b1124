import { z } from "zod";
import { nameText } from "../../names/schema.ts";
import { Description, Named, ProjectMember } from "../scopes/schema.ts";

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
