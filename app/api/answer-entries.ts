import { createEncoder } from "../../lib/audit/export/encode.ts";
import type { ExportFormat } from "../../lib/audit/export/schema.ts";

const FORMAT_OF_TYPE: Record<string, ExportFormat> = {
  "application/json": "json",
  "text/csv": "csv",
  "application/x-ndjson": "ndjson",
  "application/ndjson": "ndjson",
};

/** What the client would rather have (RFC 9110, section 12.5.1), of what there is; JSON where it does not say. */
export function acceptedFormat(accept: string | null): ExportFormat {
  const ranges = (accept ?? "").split(",").map((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith("q="));
    return { type, quality: quality ? Number(quality.slice(2)) : 1 };
  });
  const wanted = ranges
    .filter(({ type, quality }) => quality > 0 && FORMAT_OF_TYPE[type])
    .sort((a, b) => b.quality - a.quality)[0];
  return (wanted && FORMAT_OF_TYPE[wanted.type]) ?? "json";
}

interface EntriesPage {
  entries: readonly object[];
  next: string | null;
}

/**
 * Answers a page of entries as the client accepts it: JSON as `{entries, next}`, CSV and NDJSON the entries alone. The next page's
 * address is in `Link` (RFC 8288) either way.
 */
export function answerEntries(request: Request, page: EntriesPage, columns: readonly string[]): Response {
  const format = acceptedFormat(request.headers.get("Accept"));
  const headers = new Headers({ Vary: "Accept" });
  if (page.next !== null) headers.set("Link", `<${addressOf(request, page.next)}>; rel="next"`);
  if (format === "json") return Response.json(page, { headers });
  const { mediaType, head, entry, tail } = createEncoder(format, columns);
  headers.set("Content-Type", mediaType);
  return new Response(head + page.entries.map(entry).join("") + tail, { headers });
}

function addressOf(request: Request, cursor: string): string {
  const { pathname, searchParams } = new URL(request.url);
  // The cursor says where to go on.
  searchParams.delete("offset");
  searchParams.set("cursor", cursor);
  return `${pathname}?${searchParams}`;
}
