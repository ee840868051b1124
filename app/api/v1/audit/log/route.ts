import { auditScope } from "../../../../../lib/access/permission.ts";
import { listAuditLog } from "../../../../../lib/audit/log/audit-log.ts";
import { AuditLogQuery } from "../../../../../lib/audit/log/schema.ts";
import { handle } from "../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null, query: AuditLogQuery }, async ({ ctx, query }) =>
  Response.json(await listAuditLog({ ctx, scope: auditScope(ctx), query })),
);
