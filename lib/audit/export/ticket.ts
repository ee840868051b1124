import { z } from "zod";
import { parseFilter } from "../../filter/parse.ts";
import { type AuditQuery, prepareQuery } from "../query/audit-query.ts";
import type { AuditScope } from "../query/scope.ts";
import type { RunSql } from "../store/sql.ts";
import { ExportFormat, ExportSourceName } from "./schema.ts";
import { EXPORT_SOURCES } from "./source.ts";

/** Everything that decides an export's bytes. It is kept in the event of the export's start, so any replica can go on with it. */
export const ExportTicket = z.object({
  source: ExportSourceName,
  format: ExportFormat,
  /** Whether the file begins with one; those of versions before do not. */
  byteOrderMark: z.boolean().default(false),
  filter: z.string(),
  /** False where the filter held a secret, which the event does not keep: nothing can go on by it. */
  filterKept: z.boolean().default(true),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  timeZone: z.string(),
  /** When the export began: what relative times in the filter are relative to. */
  now: z.iso.datetime(),
  /** What came later is not in the file. */
  upToNo: z.int(),
  maxRows: z.int().nullable(),
  /** Whose rows: all, or the exporter's own. */
  scope: z.enum(["all", "own"]),
});
export type ExportTicket = z.infer<typeof ExportTicket>;

/** The ticket's query, within the scope of whoever asks now. */
export async function prepareTicket(
  run: RunSql,
  ticket: ExportTicket,
  scope: AuditScope,
): Promise<AuditQuery> {
  const { surface } = EXPORT_SOURCES[ticket.source];
  const parsed = parseFilter(ticket.filter, surface.fields);
  if (!parsed.ok)
    throw new Error(`an export's ticket holds a filter that cannot be read: ${parsed.error.message}`);
  return prepareQuery(run, {
    surface,
    scope,
    window: { from: new Date(ticket.from), to: new Date(ticket.to) },
    filter: parsed.filter,
    reference: { now: new Date(ticket.now), timeZone: ticket.timeZone },
  });
}
