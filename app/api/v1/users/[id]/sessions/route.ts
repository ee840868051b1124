import { listSessionsOf } from "../../../../../../lib/identity/sessions/data.ts";
import { revokeSessionsOf } from "../../../../../../lib/identity/sessions/mutations.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const GET = handle({ permission: "people:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json({ sessions: await listSessionsOf({ ctx, input: params }) }),
);

export const DELETE = handle({ permission: "people:write", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await revokeSessionsOf({ ctx, input: params })),
);
