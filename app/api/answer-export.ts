import { auditScope } from "../../lib/access/permission.ts";
import { ExportQuery, type ExportSourceName } from "../../lib/audit/export/schema.ts";
import { resumeExport, type StartedExport, startExport } from "../../lib/audit/export/start.ts";
import type { ReadQuery } from "../../lib/audit/query/audit-query.ts";
import { watchAccess } from "../../lib/identity/watch-access.ts";
import { handle } from "./handle.ts";

/** The handler of a surface's exports: starts one of what `read` makes of the query, or goes on with one that broke off. */
export function handleExport(source: ExportSourceName, read: (query: ExportQuery) => ReadQuery) {
  return handle(
    { permission: "audit:export", query: ExportQuery, hasOwnPlaces: true },
    async ({ ctx, request, query }) => {
      const { resume, format, bom } = query;
      const asked = { ctx, scope: auditScope(ctx), watch: () => watchAccess(request, ctx), source };
      if (resume !== undefined) return answerExport(await resumeExport({ ...asked, resume }));
      return answerExport(
        await startExport({ ...asked, format, byteOrderMark: bom === "true", read: read(query) }),
      );
    },
  );
}

/** Answers a file that is written while it is sent. `no-transform`: a proxy that compresses would hold it back. */
export function answerExport({ id, mediaType, fileName, rows, offset, body }: StartedExport): Response {
  const headers = new Headers({
    "Content-Type": mediaType,
    "Content-Disposition": `attachment; filename="${fileName}"`,
    "Cache-Control": "no-store, no-transform",
    "X-Export-Id": id,
    "X-Export-Offset": String(offset),
  });
  if (rows !== null) headers.set("X-Export-Rows", String(rows));
  return new Response(body, { headers });
}
