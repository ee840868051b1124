import { auditScope } from "../../../../../lib/access/permission.ts";
import { readEventQuery } from "../../../../../lib/audit/event-history/read.ts";
import { ExportQuery } from "../../../../../lib/audit/export/schema.ts";
import { resumeExport, startExport } from "../../../../../lib/audit/export/start.ts";
import { watchAccess } from "../../../../../lib/identity/watch-access.ts";
import { answerExport, handleExport } from "../../../answer-export.ts";
import { handle } from "../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handleExport("event-history", readEventQuery);
