import { findPeople } from "../../../../lib/identity/people/find-people.ts";
import { createPerson } from "../../../../lib/identity/people/mutations.ts";
import { CreatePersonInput, ListPeopleQuery } from "../../../../lib/identity/people/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "people:read", query: ListPeopleQuery }, async ({ ctx, query }) =>
  Response.json(await findPeople({ ctx, input: query })),
);

/** Makes a person known before they first sign in. */
export const POST = handle({ permission: "people:write", body: CreatePersonInput }, async ({ ctx, body }) =>
  Response.json(await createPerson({ ctx, input: body }), { status: 201 }),
);
