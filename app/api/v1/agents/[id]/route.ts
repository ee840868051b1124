import { getAgent } from "../../../../../lib/tunnels/agents/data.ts";
import { removeAgent, updateAgent } from "../../../../../lib/tunnels/agents/mutations.ts";
import { UpdateAgentInput } from "../../../../../lib/tunnels/agents/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const GET = handle({ permission: "agents:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await getAgent({ ctx, input: params })),
);

export const PATCH = handle(
  { permission: "agents:write", params: IdParameter, body: UpdateAgentInput },
  async ({ ctx, params, body }) => {
    await updateAgent({ ctx, input: { ...params, ...body } });
    return Response.json(await getAgent({ ctx, input: params }));
  },
);

export const DELETE = handle({ permission: "agents:write", params: IdParameter }, async ({ ctx, params }) => {
  await removeAgent({ ctx, input: params });
  return new Response(null, { status: 204 });
});
