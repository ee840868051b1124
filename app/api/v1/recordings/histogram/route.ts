import { auditScope } from "../../../../../lib/access/permission.ts";
import { WindowQuery } from "../../../../../lib/audit/query/schema.ts";
import { histogramRecordings } from "../../../../../lib/audit/recordings/read.ts";
import { handle } from "../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null, query: WindowQuery }, async ({ ctx, query }) =>
  Response.json(await histogramRecordings({ ctx, scope: auditScope(ctx), query })),
);
