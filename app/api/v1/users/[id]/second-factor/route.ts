import { removeFactors } from "../../../../../../lib/identity/local/people/mutations.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const DELETE = handle({ permission: "people:write", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await removeFactors({ ctx, input: params })),
);
