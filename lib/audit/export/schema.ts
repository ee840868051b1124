import { z } from "zod";
import { WindowQuery } from "../query/schema.ts";

export const ExportFormat = z.enum(["csv", "json", "ndjson"], { error: "csv, json or ndjson" });
export type ExportFormat = z.infer<typeof ExportFormat>;

/** What may be exported: the surfaces' entries, and the classic log's records. */
export const ExportSourceName = z.enum(["request-audit", "event-history", "recordings", "audit-log"]);
export type ExportSourceName = z.infer<typeof ExportSourceName>;

const RESUME_TAKES = "the export's id, a dot, and how many bytes have arrived";

/** Parameters of an export. With `resume`, the rest is that of the export which is resumed. */
export const ExportQuery = WindowQuery.extend({
  format: ExportFormat.default("csv").meta({ description: "The file's format." }),
  bom: z
    .enum(["true", "false"], { error: "true or false" })
    .default("false")
    .meta({ description: "Whether a CSV begins with a byte order mark, by which Excel knows it for UTF-8." }),
  resume: z
    .string()
    .regex(/^[0-9a-f-]{36}\.\d{1,15}$/, { error: RESUME_TAKES })
    .optional()
    .meta({
      description: `To go on after a broken connection: ${RESUME_TAKES}. The bytes that follow complete the file.`,
    }),
});
export type ExportQuery = z.infer<typeof ExportQuery>;

export const ExportPath = z.object({ id: z.uuid({ error: "the id of an export (header X-Export-Id)" }) });

/** What a file holds and who asked for it; complete when the last byte was sent. */
export const ExportManifest = z
  .object({
    id: z.string(),
    source: ExportSourceName,
    format: ExportFormat,
    filter: z
      .string()
      .meta({ description: "The filter expression, relative times as they were read at `startedAt`." }),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    timeZone: z.string(),
    upToNo: z.int().meta({ description: "Entries with a higher number came later and are not in the file." }),
    requestedBy: z.object({
      name: z.string().nullable(),
      email: z.string().nullable(),
      id: z.string().nullable(),
    }),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    complete: z.boolean(),
    rows: z.int().nullable(),
    bytes: z.int().nullable(),
    sha256: z.string().nullable().meta({ description: "SHA-256 of the whole file, hex." }),
  })
  .meta({ id: "ExportManifest" });
export type ExportManifest = z.infer<typeof ExportManifest>;
