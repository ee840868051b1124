import { rotateWebhookSecret } from "../../../../../../lib/webhooks/mutations.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const POST = handle({ permission: "settings:write", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await rotateWebhookSecret({ ctx, input: params })),
);
