import { ListRoleVersionsQuery } from "../../../../../../lib/access/roles/schema.ts";
import { listRoleVersions } from "../../../../../../lib/access/roles/versions.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const GET = handle(
  { permission: "access:read", params: IdParameter, query: ListRoleVersionsQuery },
  async ({ ctx, params, query }) =>
    Response.json(await listRoleVersions({ ctx, input: { ...params, ...query } })),
);
