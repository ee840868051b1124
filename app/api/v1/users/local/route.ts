import { addLocalPerson } from "../../../../../lib/identity/local/people/mutations.ts";
import { AddLocalPersonInput } from "../../../../../lib/identity/local/schema.ts";
import { handle } from "../../../handle.ts";

export const POST = handle({ permission: "people:write", body: AddLocalPersonInput }, async ({ ctx, body }) =>
  Response.json(await addLocalPerson({ ctx, input: body }), { status: 201 }),
);
