import {
  boundApplication,
  setApplicationEnabled,
} from "../../../../../lib/identity/applications/mutations.ts";
import { UpdateApplicationInput } from "../../../../../lib/identity/applications/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

/** Whether it is enabled, or what its tokens may be used for. */
export const PATCH = handle(
  { permission: "applications:write", params: IdParameter, body: UpdateApplicationInput },
  async ({ ctx, params, body }) =>
    Response.json(
      "enabled" in body
        ? await setApplicationEnabled({ ctx, input: { ...params, ...body } })
        : await boundApplication({ ctx, input: { ...params, ...body } }),
    ),
);
