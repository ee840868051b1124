import { rotateApplicationSecret } from "../../../../../../lib/identity/applications/mutations.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

/** Another secret, shown once; the old one and its tokens stop to count. */
export const POST = handle(
  { permission: "applications:write", params: IdParameter },
  async ({ ctx, params }) => Response.json(await rotateApplicationSecret({ ctx, input: params })),
);
