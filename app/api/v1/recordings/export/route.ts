import { readRecordingQuery } from "../../../../../lib/audit/recordings/read.ts";
import { handleExport } from "../../../answer-export.ts";

export const dynamic = "force-dynamic";

export const GET = handleExport("recordings", readRecordingQuery);
