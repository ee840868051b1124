import { endAccessRequest } from "../../../../../../lib/access/requests/changes/mutations.ts";
import { EndAccessRequestInput } from "../../../../../../lib/access/requests/schema.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const POST = handle(
  { permission: "requests:own", params: IdParameter, body: EndAccessRequestInput },
  async ({ ctx, params, body }) =>
    Response.json(await endAccessRequest({ ctx, input: { ...params, ...body } })),
);
