import { auditScope } from "../../../../lib/access/permission.ts";
import { listEvents } from "../../../../lib/audit/event-history/read.ts";
import { EventEntry } from "../../../../lib/audit/event-history/schema.ts";
import { ListQuery } from "../../../../lib/audit/query/schema.ts";
import { answerEntries } from "../../answer-entries.ts";
import { handle } from "../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null, query: ListQuery }, async ({ ctx, request, query }) => {
  const page = await listEvents({ ctx, scope: auditScope(ctx), query });
  return answerEntries(request, page, Object.keys(EventEntry.shape));
});
