import { listSessionsOf } from "../../../../../../lib/identity/sessions/data.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const GET = handle({ permission: "people:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json({ sessions: await listSessionsOf({ ctx, input: params }) }),
);
