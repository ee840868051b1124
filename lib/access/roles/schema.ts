import { z } from "zod";
import { PolicyRule } from "../policy/schema.ts";

export const RoleView = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  builtIn: z.boolean(),
  rules: z.array(PolicyRule),
  kubernetesGroups: z.array(z.string()),
  impersonateUsers: z.array(z.string()),
  impersonateGroups: z.array(z.string()),
});
export type RoleView = z.infer<typeof RoleView>;
