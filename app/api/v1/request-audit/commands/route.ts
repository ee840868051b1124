import { auditScope } from "../../../../../lib/access/permission.ts";
import { PageQuery } from "../../../../../lib/audit/query/schema.ts";
import { listCommands } from "../../../../../lib/audit/request-audit/commands.ts";
import { handle } from "../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null, query: PageQuery }, async ({ ctx, query }) =>
  Response.json(await listCommands({ ctx, scope: auditScope(ctx), query })),
);
