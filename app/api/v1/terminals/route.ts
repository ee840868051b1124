import { OpenTerminalInput } from "../../../../lib/terminal/sessions/schema.ts";
import { askTerminals } from "../../../../lib/terminal/sessions/terminal-host.ts";
import { handle } from "../../handle.ts";

export const dynamic = "force-dynamic";

/** One's own terminals of this console session. */
export const GET = handle({ permission: "tokens:own" }, async ({ ctx }) =>
  Response.json({ terminals: await askTerminals(ctx, (terminals) => terminals.list(ctx)) }),
);

/** Opens a terminal of the web shell. */
export const POST = handle({ permission: "tokens:own", body: OpenTerminalInput }, async ({ ctx, body }) =>
  Response.json(await askTerminals(ctx, (terminals) => terminals.open(ctx, body)), { status: 201 }),
);
