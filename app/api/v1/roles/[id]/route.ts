import { getRole } from "../../../../../lib/access/roles/data.ts";
import { deleteRole, replaceRole, updateRole } from "../../../../../lib/access/roles/mutations.ts";
import { ReplaceRoleInput, UpdateRoleInput } from "../../../../../lib/access/roles/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const GET = handle({ permission: "access:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await getRole({ ctx, input: params })),
);

export const PUT = handle(
  { permission: "access:write", params: IdParameter, body: ReplaceRoleInput },
  async ({ ctx, params, body }) => Response.json(await replaceRole({ ctx, input: { ...params, ...body } })),
);

export const PATCH = handle(
  { permission: "access:write", params: IdParameter, body: UpdateRoleInput },
  async ({ ctx, params, body }) => Response.json(await updateRole({ ctx, input: { ...params, ...body } })),
);

export const DELETE = handle({ permission: "access:write", params: IdParameter }, async ({ ctx, params }) => {
  await deleteRole({ ctx, input: params });
  return new Response(null, { status: 204 });
});
