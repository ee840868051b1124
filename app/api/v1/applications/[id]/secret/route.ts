import { rotateApplicationSecret } from "../../../../../../lib/identity/applications/mutations.ts";
import { RotateSecretInput } from "../../../../../../lib/identity/applications/schema.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

/** Another secret, shown once; the old one and its tokens stop to count, at once where nothing else is asked for. */
export const POST = handle(
  { permission: "applications:write", params: IdParameter, body: RotateSecretInput.optional() },
  async ({ ctx, params, body }) =>
    Response.json(await rotateApplicationSecret({ ctx, input: { ...params, ...body } })),
);
