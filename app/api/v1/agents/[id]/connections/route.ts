import { getAgent } from "../../../../../../lib/tunnels/agents/data.ts";
import { listConnections } from "../../../../../../lib/tunnels/connections/data.ts";
import { ListConnectionsQuery } from "../../../../../../lib/tunnels/connections/schema.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const GET = handle(
  { permission: "agents:read", params: IdParameter, query: ListConnectionsQuery },
  async ({ ctx, params, query }) => {
    const { id: agentId } = await getAgent({ ctx, input: params });
    return Response.json(await listConnections({ ctx, agentId, query }));
  },
);
