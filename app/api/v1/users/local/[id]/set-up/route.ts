import { offerNewSetUp } from "../../../../../../../lib/identity/local/people/mutations.ts";
import { handle } from "../../../../../handle.ts";
import { IdParameter } from "../../../../../id-parameter.ts";

export const POST = handle({ permission: "people:write", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await offerNewSetUp({ ctx, input: params }), { status: 201 }),
);
