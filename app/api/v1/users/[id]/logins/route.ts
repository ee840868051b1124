import { listLoginsOf } from "../../../../../../lib/identity/logins/data.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const GET = handle({ permission: "people:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json({ logins: await listLoginsOf({ ctx, input: params }) }),
);
