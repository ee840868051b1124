import { findGroups } from "../../../../lib/identity/people/find-people.ts";
import { ListGroupsQuery } from "../../../../lib/identity/people/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "people:read", query: ListGroupsQuery }, async ({ ctx, query }) =>
  Response.json(await findGroups({ ctx, input: query })),
);
