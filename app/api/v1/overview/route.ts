import { auditScope } from "../../../../lib/access/permission.ts";
import { getOverview } from "../../../../lib/audit/overview/get.ts";
import { OverviewQuery } from "../../../../lib/audit/overview/schema.ts";
import { handle } from "../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null, query: OverviewQuery }, async ({ ctx, query }) =>
  Response.json(await getOverview({ ctx, scope: auditScope(ctx), query })),
);
