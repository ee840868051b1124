import { revokeScimToken } from "../../../../../lib/identity/scim/tokens/mutations.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const DELETE = handle({ permission: "people:write", params: IdParameter }, async ({ ctx, params }) => {
  await revokeScimToken({ ctx, input: params });
  return new Response(null, { status: 204 });
});
