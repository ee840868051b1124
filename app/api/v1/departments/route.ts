import { listDepartments } from "../../../../lib/access/departments/data.ts";
import { createDepartment } from "../../../../lib/access/departments/mutations.ts";
import { CreateDepartmentInput } from "../../../../lib/access/departments/schema.ts";
import { ListScopesQuery } from "../../../../lib/access/scopes/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "projects:read", query: ListScopesQuery }, async ({ ctx, query }) =>
  Response.json(await listDepartments({ ctx, input: query })),
);

export const POST = handle(
  { permission: "projects:write", body: CreateDepartmentInput },
  async ({ ctx, body }) => Response.json(await createDepartment({ ctx, input: body }), { status: 201 }),
);
