import { auditScope } from "../../../../../../lib/access/permission.ts";
import { EntryPath } from "../../../../../../lib/audit/query/schema.ts";
import { listRelatedRequests } from "../../../../../../lib/audit/request-audit/get.ts";
import { handle } from "../../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null, params: EntryPath }, async ({ ctx, params }) =>
  Response.json(await listRelatedRequests({ ctx, scope: auditScope(ctx), no: params.no })),
);
