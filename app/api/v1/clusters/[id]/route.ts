import { getCluster } from "../../../../../lib/clusters/data.ts";
import { removeCluster, updateCluster } from "../../../../../lib/clusters/mutations.ts";
import { UpdateClusterInput } from "../../../../../lib/clusters/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const GET = handle({ permission: "clusters:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await getCluster({ ctx, input: params })),
);

export const PATCH = handle(
  { permission: "clusters:write", params: IdParameter, body: UpdateClusterInput },
  async ({ ctx, params, body }) => Response.json(await updateCluster({ ctx, input: { ...params, ...body } })),
);

/** Takes back the grants on it, too. */
export const DELETE = handle(
  { permission: "clusters:write", params: IdParameter },
  async ({ ctx, params }) => {
    await removeCluster({ ctx, input: params });
    return new Response(null, { status: 204 });
  },
);
