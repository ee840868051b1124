import { resolveProject } from "../../../../../../lib/clusters/members/resolve.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const GET = handle({ permission: "projects:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await resolveProject({ ctx, input: params })),
);
