import { listLogins } from "../../../../lib/identity/logins/data.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "tokens:own" }, async ({ ctx }) =>
  Response.json({ logins: await listLogins({ ctx }) }),
);
