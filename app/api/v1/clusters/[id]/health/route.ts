import { checkCluster } from "../../../../../../lib/clusters/health/check-cluster.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const dynamic = "force-dynamic";

/** Checks it now. */
export const POST = handle({ permission: "clusters:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await checkCluster({ ctx, input: params })),
);
