import { askTerminals } from "../../../../../../lib/terminal/sessions/terminal-host.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const dynamic = "force-dynamic";

/** A ticket to connect to a terminal of one's own once more. */
export const POST = handle({ permission: "tokens:own", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await askTerminals(ctx, (terminals) => terminals.ticket(ctx, params.id)), { status: 201 }),
);
