import { deleteAlert, updateAlert } from "../../../../../lib/alerts/alerts/mutations.ts";
import { UpdateAlertInput } from "../../../../../lib/alerts/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const PATCH = handle(
  { permission: "alerts:write", params: IdParameter, body: UpdateAlertInput },
  async ({ ctx, params, body }) => Response.json(await updateAlert({ ctx, input: { ...params, ...body } })),
);

export const DELETE = handle({ permission: "alerts:write", params: IdParameter }, async ({ ctx, params }) => {
  await deleteAlert({ ctx, input: params });
  return new Response(null, { status: 204 });
});
