import { previewAlert } from "../../../../../lib/alerts/alerts/preview.ts";
import { PreviewAlertInput } from "../../../../../lib/alerts/schema.ts";
import { handle } from "../../../handle.ts";

export const POST = handle({ permission: "alerts:write", body: PreviewAlertInput }, async ({ ctx, body }) =>
  Response.json(await previewAlert({ ctx, input: body })),
);
