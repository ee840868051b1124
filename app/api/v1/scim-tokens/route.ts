import { CreateScimTokenInput } from "../../../../lib/identity/scim/schema.ts";
import { listScimTokens } from "../../../../lib/identity/scim/tokens/data.ts";
import { createScimToken } from "../../../../lib/identity/scim/tokens/mutations.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "people:read" }, async ({ ctx }) =>
  Response.json({ tokens: await listScimTokens({ ctx }) }),
);

export const POST = handle(
  { permission: "people:write", body: CreateScimTokenInput },
  async ({ ctx, body }) => Response.json(await createScimToken({ ctx, input: body }), { status: 201 }),
);
