import { revokeOtherSessions } from "../../../../../lib/identity/sessions/mutations.ts";
import { handle } from "../../../handle.ts";

export const DELETE = handle({ permission: "tokens:own" }, async ({ ctx }) =>
  Response.json(await revokeOtherSessions({ ctx })),
);
