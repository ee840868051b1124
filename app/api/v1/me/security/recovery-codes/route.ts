import { renewRecoveryCodes } from "../../../../../../lib/identity/second-factor/own/mutations.ts";
import { handle } from "../../../../handle.ts";

export const POST = handle({ permission: "tokens:own" }, async ({ ctx }) =>
  Response.json(await renewRecoveryCodes({ ctx }), { status: 201 }),
);
