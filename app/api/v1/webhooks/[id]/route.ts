import { deleteWebhook, updateWebhook } from "../../../../../lib/webhooks/mutations.ts";
import { UpdateWebhookInput } from "../../../../../lib/webhooks/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const PATCH = handle(
  { permission: "settings:write", params: IdParameter, body: UpdateWebhookInput },
  async ({ ctx, params, body }) => Response.json(await updateWebhook({ ctx, input: { ...params, ...body } })),
);

export const DELETE = handle(
  { permission: "settings:write", params: IdParameter },
  async ({ ctx, params }) => {
    await deleteWebhook({ ctx, input: params });
    return new Response(null, { status: 204 });
  },
);
