import { auditScope } from "../../../../../lib/access/permission.ts";
import { facetEvents } from "../../../../../lib/audit/event-history/read.ts";
import { WindowQuery } from "../../../../../lib/audit/query/schema.ts";
import { handle } from "../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null, query: WindowQuery }, async ({ ctx, query }) =>
  Response.json(await facetEvents({ ctx, scope: auditScope(ctx), query })),
);
