import { refuseAccessRequest } from "../../../../../../lib/access/requests/changes/mutations.ts";
import { RefuseAccessRequestInput } from "../../../../../../lib/access/requests/schema.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const POST = handle(
  { permission: "requests:own", params: IdParameter, body: RefuseAccessRequestInput },
  async ({ ctx, params, body }) =>
    Response.json(await refuseAccessRequest({ ctx, input: { ...params, ...body } })),
);
