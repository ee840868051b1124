import { getJoinToken } from "../../../../../../lib/tunnels/joining/data.ts";
import { withdrawJoinToken } from "../../../../../../lib/tunnels/joining/mutations.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const GET = handle({ permission: "agents:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await getJoinToken({ ctx, input: params })),
);

export const DELETE = handle({ permission: "agents:write", params: IdParameter }, async ({ ctx, params }) => {
  await withdrawJoinToken({ ctx, input: params });
  return new Response(null, { status: 204 });
});
