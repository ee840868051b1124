import { RecordingPath } from "../../../../../../lib/audit/recordings/schema.ts";
import { watchAccess } from "../../../../../../lib/identity/watch-access.ts";
import { downloadRecording } from "../../../../../../lib/recordings/download/download-recording.ts";
import { DownloadQuery } from "../../../../../../lib/recordings/download/schema.ts";
import { handle } from "../../../../handle.ts";

export const dynamic = "force-dynamic";

/** `no-transform`: a proxy that compresses would hold it back. */
export const GET = handle(
  { permission: "recordings:play", params: RecordingPath, query: DownloadQuery, hasOwnPlaces: true },
  async ({ ctx, request, params, query }) => {
    const watch = () => watchAccess(request, ctx);
    const { mediaType, fileName, problem, body } = await downloadRecording({
      ctx,
      input: { ...params, ...query },
      watch,
    });
    const headers = new Headers({
      "Content-Type": mediaType,
      "Content-Disposition": `attachment; filename="${fileName}"`,
      "Cache-Control": "no-store, no-transform",
    });
    if (problem !== null) headers.set("X-Recording-Problem", problem.replaceAll(/[^ -~]/g, "?"));
    return new Response(body, { headers });
  },
);
