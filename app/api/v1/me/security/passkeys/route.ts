import { addPasskey } from "../../../../../../lib/identity/second-factor/own/mutations.ts";
import { AddPasskeyInput } from "../../../../../../lib/identity/second-factor/schema.ts";
import { handle } from "../../../../handle.ts";

export const POST = handle({ permission: "tokens:own", body: AddPasskeyInput }, async ({ ctx, body }) =>
  Response.json(await addPasskey({ ctx, input: body }), { status: 201 }),
);
