import { auditScope } from "../../../../../lib/access/permission.ts";
import { LiveQuery } from "../../../../../lib/audit/query/schema.ts";
import { streamRecordings } from "../../../../../lib/audit/recordings/read.ts";
import { answerLive, lastSeen } from "../../../answer-live.ts";
import { handle } from "../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null, query: LiveQuery }, async ({ ctx, request, query }) => {
  const scope = auditScope(ctx);
  const afterNo = lastSeen(request, query.afterNo);
  return answerLive({ request, ctx }, (signal) =>
    streamRecordings({ ctx, scope, query: { ...query, afterNo }, signal }),
  );
});
