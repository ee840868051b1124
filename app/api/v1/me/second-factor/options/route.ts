import { ownFactorOptions } from "../../../../../../lib/identity/second-factor/own/data.ts";
import { handle } from "../../../../handle.ts";

export const POST = handle({ permission: "tokens:own" }, async ({ ctx }) =>
  Response.json(await ownFactorOptions({ ctx })),
);
