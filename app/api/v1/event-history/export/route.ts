import { auditScope } from "../../../../../lib/access/permission.ts";
import { readEventQuery } from "../../../../../lib/audit/event-history/read.ts";
import { ExportQuery } from "../../../../../lib/audit/export/schema.ts";
import { resumeExport, startExport } from "../../../../../lib/audit/export/start.ts";
import { watchAccess } from "../../../../../lib/identity/watch-access.ts";
import { answerExport } from "../../../answer-export.ts";
import { handle } from "../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle(
  { permission: "audit:export", query: ExportQuery, hasOwnPlaces: true },
  async ({ ctx, request, query }) => {
    const asked = {
      ctx,
      scope: auditScope(ctx),
      watch: () => watchAccess(request, ctx),
      source: "event-history" as const,
    };
    const { resume, format } = query;
    if (resume !== undefined) return answerExport(await resumeExport({ ...asked, resume }));
    return answerExport(
      await startExport({
        ...asked,
        format,
        byteOrderMark: query.bom === "true",
        read: readEventQuery(query),
      }),
    );
  },
);
