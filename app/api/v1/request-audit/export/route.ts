import { readRequestQuery } from "../../../../../lib/audit/request-audit/read.ts";
import { handleExport } from "../../../answer-export.ts";

export const dynamic = "force-dynamic";

export const GET = handleExport("request-audit", readRequestQuery);
