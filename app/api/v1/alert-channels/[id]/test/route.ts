import { testAlertChannel } from "../../../../../../lib/alerts/channels/mutations.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const POST = handle({ permission: "alerts:write", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await testAlertChannel({ ctx, input: params })),
);
