import { updateRole } from "../../../../../lib/access/roles/mutations.ts";
import { UpdateRoleInput } from "../../../../../lib/access/roles/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const PATCH = handle(
  { permission: "access:write", params: IdParameter, body: UpdateRoleInput },
  async ({ ctx, params, body }) => Response.json(await updateRole({ ctx, input: { ...params, ...body } })),
);
