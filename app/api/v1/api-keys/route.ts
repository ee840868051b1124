import { listApiKeys } from "../../../../lib/identity/tokens/list-all.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "people:read" }, async ({ ctx }) =>
  Response.json({ keys: await listApiKeys({ ctx }) }),
);
