import { getProject } from "../../../../../lib/access/projects/data.ts";
import { deleteProject, updateProject } from "../../../../../lib/access/projects/mutations.ts";
import { UpdateProjectInput } from "../../../../../lib/access/projects/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const GET = handle({ permission: "projects:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await getProject({ ctx, input: params })),
);

export const PATCH = handle(
  { permission: "projects:write", params: IdParameter, body: UpdateProjectInput },
  async ({ ctx, params, body }) => Response.json(await updateProject({ ctx, input: { ...params, ...body } })),
);

export const DELETE = handle(
  { permission: "projects:write", params: IdParameter },
  async ({ ctx, params }) => {
    await deleteProject({ ctx, input: params });
    return new Response(null, { status: 204 });
  },
);
