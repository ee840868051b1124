import { revokeLogin } from "../../../../../lib/identity/logins/mutations.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const DELETE = handle({ permission: "tokens:own", params: IdParameter }, async ({ ctx, params }) => {
  await revokeLogin({ ctx, input: params });
  return new Response(null, { status: 204 });
});
