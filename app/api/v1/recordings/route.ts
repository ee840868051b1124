import { auditScope } from "../../../../lib/access/permission.ts";
import { ListQuery } from "../../../../lib/audit/query/schema.ts";
import { listRecordings } from "../../../../lib/audit/recordings/read.ts";
import { RecordingEntry } from "../../../../lib/audit/recordings/schema.ts";
import { answerEntries } from "../../answer-entries.ts";
import { handle } from "../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null, query: ListQuery }, async ({ ctx, request, query }) => {
  const page = await listRecordings({ ctx, scope: auditScope(ctx), query });
  return answerEntries(request, page, Object.keys(RecordingEntry.shape));
});
