import { getAgent } from "../../../../../../lib/tunnels/agents/data.ts";
import { revokeAgent } from "../../../../../../lib/tunnels/agents/mutations.ts";
import { RevokeAgentInput } from "../../../../../../lib/tunnels/agents/schema.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const POST = handle(
  { permission: "agents:write", params: IdParameter, body: RevokeAgentInput.default({}) },
  async ({ ctx, params, body }) => {
    await revokeAgent({ ctx, input: { ...params, ...body } });
    return Response.json(await getAgent({ ctx, input: params }));
  },
);
