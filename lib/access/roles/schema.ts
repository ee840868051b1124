import { z } from "zod";
import { PolicyRule, RecordingPolicy } from "../policy/schema.ts";

export const RoleView = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  builtIn: z.boolean(),
  rules: z.array(PolicyRule),
  kubernetesGroups: z.array(z.string()),
  impersonateUsers: z.array(z.string()),
  impersonateGroups: z.array(z.string()),
  record: RecordingPolicy,
  /** Also what is typed in its sessions, passwords among it. */
  recordInput: z.boolean(),
});
export type RoleView = z.infer<typeof RoleView>;

/** What is left out stays as it is. */
export const UpdateRoleInput = z
  .strictObject({
    record: RecordingPolicy.optional(),
    recordInput: z.boolean("takes true or false").optional(),
  })
  .refine(({ record, recordInput }) => record !== undefined || recordInput !== undefined, {
    message: "takes record, recordInput or both",
  });
export type UpdateRoleInput = z.infer<typeof UpdateRoleInput>;
