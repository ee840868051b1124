import { getDepartment } from "../../../../../lib/access/departments/data.ts";
import { deleteDepartment, updateDepartment } from "../../../../../lib/access/departments/mutations.ts";
import { UpdateDepartmentInput } from "../../../../../lib/access/departments/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const GET = handle({ permission: "projects:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await getDepartment({ ctx, input: params })),
);

export const PATCH = handle(
  { permission: "projects:write", params: IdParameter, body: UpdateDepartmentInput },
  async ({ ctx, params, body }) =>
    Response.json(await updateDepartment({ ctx, input: { ...params, ...body } })),
);

export const DELETE = handle(
  { permission: "projects:write", params: IdParameter },
  async ({ ctx, params }) => {
    await deleteDepartment({ ctx, input: params });
    return new Response(null, { status: 204 });
  },
);
