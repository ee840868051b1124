import { listWebhooks } from "../../../../lib/webhooks/data.ts";
import { createWebhook } from "../../../../lib/webhooks/mutations.ts";
import { CreateWebhookInput } from "../../../../lib/webhooks/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "settings:read" }, async ({ ctx }) =>
  Response.json({ webhooks: await listWebhooks({ ctx }) }),
);

export const POST = handle(
  { permission: "settings:write", body: CreateWebhookInput },
  async ({ ctx, body }) => Response.json(await createWebhook({ ctx, input: body }), { status: 201 }),
);
