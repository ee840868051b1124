import { auditScope } from "../../../../../lib/access/permission.ts";
import { getEvent } from "../../../../../lib/audit/event-history/get.ts";
import { EntryPath } from "../../../../../lib/audit/query/schema.ts";
import { handle } from "../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null, params: EntryPath }, async ({ ctx, params }) =>
  Response.json(await getEvent({ ctx, scope: auditScope(ctx), no: params.no })),
);
