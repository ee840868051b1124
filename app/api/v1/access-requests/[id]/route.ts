import { readAccessRequest } from "../../../../../lib/access/requests/data.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const GET = handle({ permission: null, params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await readAccessRequest({ ctx, id: params.id })),
);
