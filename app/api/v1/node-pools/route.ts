import { listNodePools } from "../../../../lib/access/node-pools/data.ts";
import { createNodePool } from "../../../../lib/access/node-pools/mutations.ts";
import { CreateNodePoolInput } from "../../../../lib/access/node-pools/schema.ts";
import { ListScopesQuery } from "../../../../lib/access/scopes/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "projects:read", query: ListScopesQuery }, async ({ ctx, query }) =>
  Response.json(await listNodePools({ ctx, input: query })),
);

export const POST = handle(
  { permission: "projects:write", body: CreateNodePoolInput },
  async ({ ctx, body }) => Response.json(await createNodePool({ ctx, input: body }), { status: 201 }),
);
