import { listGrants } from "../../../../lib/access/grants/data.ts";
import { createGrant } from "../../../../lib/access/grants/mutations.ts";
import { CreateGrantInput, ListGrantsQuery } from "../../../../lib/access/grants/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "access:read", query: ListGrantsQuery }, async ({ ctx, query }) =>
  Response.json(await listGrants({ ctx, query })),
);

export const POST = handle({ permission: "access:write", body: CreateGrantInput }, async ({ ctx, body }) =>
  Response.json(await createGrant({ ctx, input: body }), { status: 201 }),
);
