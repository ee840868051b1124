import { auditScope } from "../../../../../../../lib/access/permission.ts";
import { getSegment } from "../../../../../../../lib/recordings/playback/read/get-segment.ts";
import { SegmentPath } from "../../../../../../../lib/recordings/playback/schema.ts";
import { handle } from "../../../../../handle.ts";

export const dynamic = "force-dynamic";

/** A recording does not change; what was shown stays in no cache but its reader's own, and not for long. */
const HEADERS = { "Content-Type": "application/json", "Cache-Control": "private, max-age=3600, immutable" };

export const GET = handle(
  { permission: "recordings:play", params: SegmentPath },
  async ({ ctx, params }) =>
    new Response(new Uint8Array(await getSegment({ ctx, scope: auditScope(ctx), input: params })), {
      headers: HEADERS,
    }),
);
