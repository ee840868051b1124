import { auditScope } from "../../../../../../lib/access/permission.ts";
import { RecordingPath } from "../../../../../../lib/audit/recordings/schema.ts";
import { getPlayback } from "../../../../../../lib/recordings/playback/read/get-playback.ts";
import { handle } from "../../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: "recordings:play", params: RecordingPath }, async ({ ctx, params }) =>
  Response.json(await getPlayback({ ctx, scope: auditScope(ctx), input: params })),
);
