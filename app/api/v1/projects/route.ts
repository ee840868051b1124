import { listProjects } from "../../../../lib/access/projects/data.ts";
import { createProject } from "../../../../lib/access/projects/mutations.ts";
import { CreateProjectInput } from "../../../../lib/access/projects/schema.ts";
import { ListScopesQuery } from "../../../../lib/access/scopes/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "projects:read", query: ListScopesQuery }, async ({ ctx, query }) =>
  Response.json(await listProjects({ ctx, input: query })),
);

export const POST = handle(
  { permission: "projects:write", body: CreateProjectInput },
  async ({ ctx, body }) => Response.json(await createProject({ ctx, input: body }), { status: 201 }),
);
