import { restoreRole } from "../../../../../../lib/access/roles/mutations.ts";
import { RestoreRoleInput } from "../../../../../../lib/access/roles/schema.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const POST = handle(
  { permission: "access:write", params: IdParameter, body: RestoreRoleInput },
  async ({ ctx, params, body }) => Response.json(await restoreRole({ ctx, input: { ...params, ...body } })),
);
