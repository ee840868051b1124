import type { StartedExport } from "../../lib/audit/export/start.ts";

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
