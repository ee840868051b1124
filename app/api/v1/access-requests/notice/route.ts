import { readRequestNotice } from "../../../../../lib/access/requests/data.ts";
import { handle } from "../../../handle.ts";

/** What one is to know on every page. */
export const GET = handle({ permission: null }, async ({ ctx }) =>
  Response.json(await readRequestNotice({ ctx })),
);
