import Negotiator from "negotiator";
import { createEncoder, MEDIA_TYPES } from "../../lib/audit/export/encode.ts";
import type { ExportFormat } from "../../lib/audit/export/schema.ts";

/** With their parameters: a range that names others asks for another form (RFC 9110, section 12.5.1). */
const FORMAT_OF_TYPE: ReadonlyMap<string, ExportFormat> = new Map([
  ...(Object.keys(MEDIA_TYPES) as ExportFormat[]).map((format) => [MEDIA_TYPES[format], format] as const),
  ["application/ndjson; charset=utf-8", "ndjson"],
]);
const TYPES = [...FORMAT_OF_TYPE.keys()];

/** What the client would rather have, of what there is; JSON where it does not say, and where it takes none of them. */
export function acceptedFormat(accept: string | null): ExportFormat {
  const negotiator = new Negotiator({ headers: { accept: accept ?? undefined } });
  return FORMAT_OF_TYPE.get(negotiator.mediaType(TYPES) ?? "") ?? "json";
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
  const { head, entry, tail } = createEncoder(format, columns);
  headers.set("Content-Type", MEDIA_TYPES[format]);
  return new Response(head + page.entries.map(entry).join("") + tail, { headers });
}

function addressOf(request: Request, cursor: string): string {
  const { pathname, searchParams } = new URL(request.url);
  // The cursor says where to go on.
  searchParams.delete("offset");
  searchParams.set("cursor", cursor);
  return `${pathname}?${searchParams}`;
}
