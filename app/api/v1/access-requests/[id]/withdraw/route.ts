import { withdrawAccessRequest } from "../../../../../../lib/access/requests/changes/mutations.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const POST = handle({ permission: "requests:own", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await withdrawAccessRequest({ ctx, input: params })),
);
