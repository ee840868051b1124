import { listSessions } from "../../../../lib/identity/sessions/data.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "tokens:own" }, async ({ ctx }) =>
  Response.json({ sessions: await listSessions({ ctx }) }),
);
