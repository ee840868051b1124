import { z } from "zod";

export const ExportFormat = z.enum(["csv", "json", "ndjson"], { error: "csv, json or ndjson" });
export type ExportFormat = z.infer<typeof ExportFormat>;
