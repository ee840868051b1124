import { deleteAlertChannel, updateAlertChannel } from "../../../../../lib/alerts/channels/mutations.ts";
import { UpdateChannelInput } from "../../../../../lib/alerts/channels/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const PATCH = handle(
  { permission: "alerts:write", params: IdParameter, body: UpdateChannelInput },
  async ({ ctx, params, body }) =>
    Response.json(await updateAlertChannel({ ctx, input: { ...params, ...body } })),
);

export const DELETE = handle({ permission: "alerts:write", params: IdParameter }, async ({ ctx, params }) => {
  await deleteAlertChannel({ ctx, input: params });
  return new Response(null, { status: 204 });
});
