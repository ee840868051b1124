import { listRoles } from "../../../../lib/access/roles/data.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "access:read" }, async ({ ctx }) =>
  Response.json({ roles: await listRoles({ ctx }) }),
);
