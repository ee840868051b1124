import { listTokensOf } from "../../../../../../lib/identity/tokens/data.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const GET = handle({ permission: "people:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json({ tokens: await listTokensOf({ ctx, input: params }) }),
);
