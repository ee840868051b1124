import { listRequestChoices } from "../../../../../lib/access/requests/data.ts";
import { handle } from "../../../handle.ts";

/** What one may ask for. */
export const GET = handle({ permission: "requests:own" }, async ({ ctx }) =>
  Response.json(await listRequestChoices({ ctx })),
);
