import { listPeople } from "../../../../lib/identity/people/data.ts";
import { createPerson } from "../../../../lib/identity/people/mutations.ts";
import { CreatePersonInput } from "../../../../lib/identity/people/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "people:read" }, async ({ ctx }) =>
  Response.json({ users: await listPeople({ ctx }) }),
);

/** Makes a person known before they first sign in. */
export const POST = handle({ permission: "people:write", body: CreatePersonInput }, async ({ ctx, body }) =>
  Response.json(await createPerson({ ctx, input: body }), { status: 201 }),
);
