import { RecordingPath } from "../../../../../../lib/audit/recordings/schema.ts";
import { requestSessionEnd } from "../../../../../../lib/recordings/live/mutations.ts";
import { EndSessionInput } from "../../../../../../lib/recordings/live/schema.ts";
import { handle } from "../../../../handle.ts";

/** The session ends within two seconds: its person reads who asked, and why. */
export const POST = handle(
  { permission: "recordings:end", params: RecordingPath, body: EndSessionInput },
  async ({ ctx, params, body }) => {
    await requestSessionEnd({ ctx, input: { ...params, ...body } });
    return new Response(null, { status: 204 });
  },
);
