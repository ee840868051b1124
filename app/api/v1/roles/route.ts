import { listRoles } from "../../../../lib/access/roles/data.ts";
import { createRole } from "../../../../lib/access/roles/mutations.ts";
import { CreateRoleInput } from "../../../../lib/access/roles/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "access:read" }, async ({ ctx }) =>
  Response.json({ roles: await listRoles({ ctx }) }),
);

export const POST = handle({ permission: "access:write", body: CreateRoleInput }, async ({ ctx, body }) =>
  Response.json(await createRole({ ctx, input: body }), { status: 201 }),
);
