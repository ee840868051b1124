import { auditScope } from "../../../../lib/access/permission.ts";
import { ListQuery } from "../../../../lib/audit/query/schema.ts";
import { listRequests } from "../../../../lib/audit/request-audit/read.ts";
import { RequestAuditEntry } from "../../../../lib/audit/request-audit/schema.ts";
import { answerEntries } from "../../answer-entries.ts";
import { handle } from "../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null, query: ListQuery }, async ({ ctx, request, query }) => {
  const page = await listRequests({ ctx, scope: auditScope(ctx), query });
  return answerEntries(request, page, Object.keys(RequestAuditEntry.shape));
});
