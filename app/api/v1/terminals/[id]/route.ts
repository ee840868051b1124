import { askTerminals } from "../../../../../lib/terminal/sessions/terminal-host.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const dynamic = "force-dynamic";

/** Ends a terminal of one's own. */
export const DELETE = handle({ permission: "tokens:own", params: IdParameter }, async ({ ctx, params }) => {
  await askTerminals(ctx, (terminals) => terminals.close(ctx, params.id));
  return new Response(null, { status: 204 });
});
