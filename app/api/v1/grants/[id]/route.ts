import { revokeGrant, updateGrant } from "../../../../../lib/access/grants/mutations.ts";
import { RevokeGrantInput, UpdateGrantInput } from "../../../../../lib/access/grants/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const PATCH = handle(
  { permission: "access:write", params: IdParameter, body: UpdateGrantInput },
  async ({ ctx, params, body }) => Response.json(await updateGrant({ ctx, input: { ...params, ...body } })),
);

export const DELETE = handle(
  { permission: "access:write", params: IdParameter, query: RevokeGrantInput },
  async ({ ctx, params, query }) => {
    await revokeGrant({ ctx, input: { ...params, ...query } });
    return new Response(null, { status: 204 });
  },
);
