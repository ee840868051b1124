import { setApplicationEnabled } from "../../../../../lib/identity/applications/mutations.ts";
import { SetApplicationEnabledInput } from "../../../../../lib/identity/applications/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const PATCH = handle(
  { permission: "applications:write", params: IdParameter, body: SetApplicationEnabledInput },
  async ({ ctx, params, body }) =>
    Response.json(await setApplicationEnabled({ ctx, input: { ...params, ...body } })),
);
