import { readEventQuery } from "../../../../../lib/audit/event-history/read.ts";
import { handleExport } from "../../../answer-export.ts";

export const dynamic = "force-dynamic";

export const GET = handleExport("event-history", readEventQuery);
