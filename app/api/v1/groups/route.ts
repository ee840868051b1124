import { listGroups } from "../../../../lib/identity/people/data.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "people:read" }, async ({ ctx }) =>
  Response.json({ groups: await listGroups({ ctx }) }),
);
