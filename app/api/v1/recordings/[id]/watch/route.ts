import { RecordingPath } from "../../../../../../lib/audit/recordings/schema.ts";
import { watchSession } from "../../../../../../lib/recordings/watch/watch-session.ts";
import { answerLive } from "../../../../answer-live.ts";
import { handle } from "../../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle(
  { permission: "recordings:play", params: RecordingPath },
  async ({ ctx, request, params }) =>
    answerLive({ request, ctx }, await watchSession({ ctx, input: params })),
);
