import { auditScope } from "../../../../../../lib/access/permission.ts";
import { listRelatedCalls } from "../../../../../../lib/audit/recordings/related.ts";
import { RecordingPath } from "../../../../../../lib/audit/recordings/schema.ts";
import { handle } from "../../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null, params: RecordingPath }, async ({ ctx, params }) =>
  Response.json(await listRelatedCalls({ ctx, scope: auditScope(ctx), recordingId: params.id })),
);
