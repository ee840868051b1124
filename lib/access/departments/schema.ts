import { z } from "zod";
import { nameText } from "../../names/schema.ts";
import { Description, Named } from "../scopes/schema.ts";

export const DepartmentView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    projects: z.array(Named),
    /** How many grants that are not revoked name it. */
    grants: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Department" });
export type DepartmentView = z.infer<typeof DepartmentView>;

const PROJECTS = "takes 1 to 1000 projects, by name or id";
const Projects = z
  .array(z.string(PROJECTS).min(1, PROJECTS).max(100, PROJECTS), PROJECTS)
  .min(1, PROJECTS)
  .max(1_000, PROJECTS);

export const CreateDepartmentInput = z.strictObject({
  name: nameText(100),
  description: Description.default(""),
  /** By name or id. */
  projects: Projects,
});
export type CreateDepartmentInput = z.input<typeof CreateDepartmentInput>;

/** What is left out stays as it is. */
export const UpdateDepartmentInput = z.strictObject({
  name: nameText(100).optional(),
  description: Description.optional(),
  projects: Projects.optional(),
});
export type UpdateDepartmentInput = z.input<typeof UpdateDepartmentInput>;
