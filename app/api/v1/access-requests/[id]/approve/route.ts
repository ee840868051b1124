import { approveAccessRequest } from "../../../../../../lib/access/requests/changes/mutations.ts";
import { ApproveAccessRequestInput } from "../../../../../../lib/access/requests/schema.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const POST = handle(
  { permission: "requests:own", params: IdParameter, body: ApproveAccessRequestInput },
  async ({ ctx, params, body }) =>
    Response.json(await approveAccessRequest({ ctx, input: { ...params, ...body } })),
);
