import { auditScope } from "../../../../lib/access/permission.ts";
import { getRecordStatus } from "../../../../lib/audit/overview/record-status.ts";
import { config } from "../../../../lib/config.ts";
import { handle } from "../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null }, async ({ ctx }) =>
  Response.json(
    await getRecordStatus({ scope: auditScope(ctx), retentionDays: config().audit.retentionDays }),
  ),
);
