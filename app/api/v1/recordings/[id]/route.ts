import { auditScope } from "../../../../../lib/access/permission.ts";
import { RecordingPath } from "../../../../../lib/audit/recordings/schema.ts";
import { getRecording } from "../../../../../lib/recordings/live/recording.ts";
import { handle } from "../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null, params: RecordingPath }, async ({ ctx, params }) =>
  Response.json(await getRecording({ ctx, scope: auditScope(ctx), input: params })),
);
