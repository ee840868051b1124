import { revokeGrant } from "../../../../../lib/access/grants/mutations.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const DELETE = handle({ permission: "access:write", params: IdParameter }, async ({ ctx, params }) => {
  await revokeGrant({ ctx, input: params });
  return new Response(null, { status: 204 });
});
