import { auditScope } from "../../../../../../lib/access/permission.ts";
import { startExport } from "../../../../../../lib/audit/export/start.ts";
import { readLogQuery } from "../../../../../../lib/audit/log/audit-log.ts";
import { AuditLogFileQuery } from "../../../../../../lib/audit/log/schema.ts";
import { watchAccess } from "../../../../../../lib/identity/watch-access.ts";
import { answerExport } from "../../../../answer-export.ts";
import { handle } from "../../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle(
  { permission: "audit:export", query: AuditLogFileQuery, hasOwnPlaces: true },
  async ({ ctx, request, query }) =>
    answerExport(
      await startExport({
        ctx,
        scope: auditScope(ctx),
        watch: () => watchAccess(request, ctx),
        source: "audit-log",
        format: query.file_type === "CSV" ? "csv" : "json",
        read: readLogQuery(query),
        maxRows: query.numberOfSamples,
      }),
    ),
);
