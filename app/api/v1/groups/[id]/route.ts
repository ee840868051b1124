import { getGroup } from "../../../../../lib/identity/people/data.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const GET = handle({ permission: "people:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await getGroup({ ctx, input: params })),
);
