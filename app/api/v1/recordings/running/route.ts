import { auditScope } from "../../../../../lib/access/permission.ts";
import { listRunningSessions } from "../../../../../lib/recordings/live/running-sessions.ts";
import { handle } from "../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null }, async ({ ctx }) =>
  Response.json(await listRunningSessions({ ctx, scope: auditScope(ctx) })),
);
