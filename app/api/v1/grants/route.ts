import { listGrants } from "../../../../lib/access/grants/data.ts";
import { createGrant } from "../../../../lib/access/grants/mutations.ts";
import { CreateGrantInput } from "../../../../lib/access/grants/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "access:read" }, async ({ ctx }) =>
  Response.json({ grants: await listGrants({ ctx }) }),
);

export const POST = handle({ permission: "access:write", body: CreateGrantInput }, async ({ ctx, body }) =>
  Response.json(await createGrant({ ctx, input: body }), { status: 201 }),
);
