import { listClusters } from "../../../../lib/clusters/data.ts";
import { registerCluster } from "../../../../lib/clusters/mutations.ts";
import { RegisterClusterInput } from "../../../../lib/clusters/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "clusters:read" }, async ({ ctx }) =>
  Response.json({ clusters: await listClusters({ ctx }) }),
);

export const POST = handle(
  { permission: "clusters:write", body: RegisterClusterInput },
  async ({ ctx, body }) => Response.json(await registerCluster({ ctx, input: body }), { status: 201 }),
);
