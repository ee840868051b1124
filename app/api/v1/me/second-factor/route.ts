import { ShowFactorInput } from "../../../../../lib/identity/second-factor/schema.ts";
import { showFactor } from "../../../../../lib/identity/second-factor/step-up/mutations.ts";
import { handle } from "../../../handle.ts";

export const POST = handle({ permission: "tokens:own", body: ShowFactorInput }, async ({ ctx, body }) =>
  Response.json(await showFactor({ ctx, input: body })),
);
