import { listJoinTokens } from "../../../../../lib/tunnels/joining/data.ts";
import { makeJoinToken } from "../../../../../lib/tunnels/joining/mutations.ts";
import { MakeJoinTokenInput } from "../../../../../lib/tunnels/joining/schema.ts";
import { handle } from "../../../handle.ts";

export const GET = handle({ permission: "agents:read" }, async ({ ctx }) =>
  Response.json({ joinTokens: await listJoinTokens({ ctx }) }),
);

export const POST = handle({ permission: "agents:write", body: MakeJoinTokenInput }, async ({ ctx, body }) =>
  Response.json(await makeJoinToken({ ctx, input: body }), { status: 201 }),
);
