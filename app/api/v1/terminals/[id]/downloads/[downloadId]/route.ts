import { openDownload } from "../../../../../../../lib/terminal/sessions/open-download.ts";
import { TerminalDownloadPath } from "../../../../../../../lib/terminal/sessions/schema.ts";
import { askTerminals } from "../../../../../../../lib/terminal/sessions/terminal-host.ts";
import { handle } from "../../../../../handle.ts";

export const dynamic = "force-dynamic";

/** A file that the shell offered, once. */
export const GET = handle(
  { permission: "tokens:own", params: TerminalDownloadPath },
  async ({ ctx, params }) => {
    const asked = { terminalId: params.id, downloadId: params.downloadId };
    const file = await askTerminals(ctx, (terminals) => terminals.takeDownload(ctx, asked));
    return new Response(openDownload(file), {
      headers: {
        "Content-Type": "application/octet-stream",
        "Content-Length": String(file.size),
        "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
        "Cache-Control": "no-store, no-transform",
      },
    });
  },
);
