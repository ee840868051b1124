import { requireIdentity, requirePermission } from "../../../../lib/access/permission.ts";
import { listSavedViews } from "../../../../lib/audit/views/data.ts";
import { createSavedView } from "../../../../lib/audit/views/mutations.ts";
import { CreateSavedView, ListSavedViewsQuery } from "../../../../lib/audit/views/schema.ts";
import { handle } from "../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: null, query: ListSavedViewsQuery }, async ({ ctx, query }) => {
  requireIdentity(ctx);
  return Response.json(await listSavedViews({ ctx, query }));
});

export const POST = handle({ permission: "views:write", body: CreateSavedView }, async ({ ctx, body }) => {
  if (body.shared) requirePermission(ctx, "views:share");
  return Response.json(await createSavedView({ ctx, input: body }), { status: 201 });
});
