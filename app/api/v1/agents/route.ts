import { listAgents } from "../../../../lib/tunnels/agents/data.ts";
import { ListAgentsQuery } from "../../../../lib/tunnels/agents/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "agents:read", query: ListAgentsQuery }, async ({ ctx, query }) =>
  Response.json(await listAgents({ ctx, query })),
);
