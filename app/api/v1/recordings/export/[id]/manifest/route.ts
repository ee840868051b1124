import { auditScope } from "../../../../../../../lib/access/permission.ts";
import { getExportManifest } from "../../../../../../../lib/audit/export/find.ts";
import { ExportPath } from "../../../../../../../lib/audit/export/schema.ts";
import { handle } from "../../../../../handle.ts";

export const dynamic = "force-dynamic";

export const GET = handle({ permission: "audit:export", params: ExportPath }, async ({ ctx, params }) =>
  Response.json(await getExportManifest({ scope: auditScope(ctx), id: params.id })),
);
