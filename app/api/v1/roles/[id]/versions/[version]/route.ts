import { GetRoleVersionQuery, RoleVersionParameters } from "../../../../../../../lib/access/roles/schema.ts";
import { getRoleVersion } from "../../../../../../../lib/access/roles/versions.ts";
import { handle } from "../../../../../handle.ts";

export const GET = handle(
  { permission: "access:read", params: RoleVersionParameters, query: GetRoleVersionQuery },
  async ({ ctx, params, query }) =>
    Response.json(await getRoleVersion({ ctx, input: { ...params, ...query } })),
);
