import { getStream } from "../../../../../lib/streams/data.ts";
import { removeStream, updateStream } from "../../../../../lib/streams/mutations.ts";
import { UpdateStreamInput } from "../../../../../lib/streams/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const GET = handle({ permission: "streams:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await getStream({ ctx, input: params })),
);

export const PATCH = handle(
  { permission: "streams:write", params: IdParameter, body: UpdateStreamInput },
  async ({ ctx, params, body }) => Response.json(await updateStream({ ctx, input: { ...params, ...body } })),
);

export const DELETE = handle(
  { permission: "streams:write", params: IdParameter },
  async ({ ctx, params }) => {
    await removeStream({ ctx, input: params });
    return new Response(null, { status: 204 });
  },
);
