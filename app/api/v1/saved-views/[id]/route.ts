import { requirePermission } from "../../../../../lib/access/permission.ts";
import { deleteSavedView, updateSavedView } from "../../../../../lib/audit/views/mutations.ts";
import { SavedViewPath, UpdateSavedView } from "../../../../../lib/audit/views/schema.ts";
import { handle } from "../../../handle.ts";

export const dynamic = "force-dynamic";

export const PATCH = handle(
  { permission: "views:write", params: SavedViewPath, body: UpdateSavedView },
  async ({ ctx, params, body }) => {
    if (body.shared) requirePermission(ctx, "views:share");
    return Response.json(await updateSavedView({ ctx, input: { ...params, ...body } }));
  },
);

export const DELETE = handle({ permission: "views:write", params: SavedViewPath }, async ({ ctx, params }) =>
  Response.json(await deleteSavedView({ ctx, input: params })),
);
