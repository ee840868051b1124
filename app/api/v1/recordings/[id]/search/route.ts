import { auditScope } from "../../../../../../lib/access/permission.ts";
import { RecordingPath } from "../../../../../../lib/audit/recordings/schema.ts";
import { RecordingSearchQuery } from "../../../../../../lib/recordings/search/schema.ts";
import { searchRecording } from "../../../../../../lib/recordings/search/search-recording.ts";
import { handle } from "../../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle(
  { permission: "recordings:play", params: RecordingPath, query: RecordingSearchQuery },
  async ({ ctx, params, query }) =>
    Response.json(await searchRecording({ ctx, scope: auditScope(ctx), input: { ...params, ...query } })),
);
