import { readRequestNotice } from "../../../../../lib/access/requests/data.ts";
import { handle } from "../../../handle.ts";

/** What one is to know on every page. */
export const GET = handle({ permission: "requests:own" }, async ({ ctx }) =>
  Response.json(await readRequestNotice({ ctx })),
);
