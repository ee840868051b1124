import { confirmAuthenticator } from "../../../../../../../lib/identity/second-factor/own/mutations.ts";
import { ConfirmAuthenticatorInput } from "../../../../../../../lib/identity/second-factor/schema.ts";
import { handle } from "../../../../../handle.ts";

export const POST = handle(
  { permission: "tokens:own", body: ConfirmAuthenticatorInput },
  async ({ ctx, body }) => Response.json(await confirmAuthenticator({ ctx, input: body })),
);
