import { getNodePool } from "../../../../../lib/access/node-pools/data.ts";
import { deleteNodePool, updateNodePool } from "../../../../../lib/access/node-pools/mutations.ts";
import { UpdateNodePoolInput } from "../../../../../lib/access/node-pools/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const GET = handle({ permission: "projects:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await getNodePool({ ctx, input: params })),
);

export const PATCH = handle(
  { permission: "projects:write", params: IdParameter, body: UpdateNodePoolInput },
  async ({ ctx, params, body }) =>
    Response.json(await updateNodePool({ ctx, input: { ...params, ...body } })),
);

export const DELETE = handle(
  { permission: "projects:write", params: IdParameter },
  async ({ ctx, params }) => {
    await deleteNodePool({ ctx, input: params });
    return new Response(null, { status: 204 });
  },
);
