import { changePassword } from "../../../../../../lib/identity/local/password/mutations.ts";
import { ChangePasswordInput } from "../../../../../../lib/identity/local/schema.ts";
import { handle } from "../../../../handle.ts";

export const PUT = handle({ permission: "tokens:own", body: ChangePasswordInput }, async ({ ctx, body }) => {
  await changePassword({ ctx, input: body });
  return new Response(null, { status: 204 });
});
