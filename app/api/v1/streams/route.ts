import { listStreams } from "../../../../lib/streams/data.ts";
import { createStream } from "../../../../lib/streams/mutations.ts";
import { CreateStreamInput } from "../../../../lib/streams/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "streams:read" }, async ({ ctx }) =>
  Response.json({ streams: await listStreams({ ctx }) }),
);

export const POST = handle({ permission: "streams:write", body: CreateStreamInput }, async ({ ctx, body }) =>
  Response.json(await createStream({ ctx, input: body }), { status: 201 }),
);
