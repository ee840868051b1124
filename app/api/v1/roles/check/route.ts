import { checkRole } from "../../../../../lib/access/roles/check-role.ts";
import { CheckRoleInput } from "../../../../../lib/access/roles/schema.ts";
import { handle } from "../../../handle.ts";

export const POST = handle({ permission: "access:read", body: CheckRoleInput }, async ({ ctx, body }) =>
  Response.json(await checkRole({ ctx, input: body })),
);
