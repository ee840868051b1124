import { TryStreamInput } from "../../../../../lib/streams/schema.ts";
import { tryStream } from "../../../../../lib/streams/trial/mutations.ts";
import { handle } from "../../../handle.ts";

export const POST = handle({ permission: "streams:write", body: TryStreamInput }, async ({ ctx, body }) =>
  Response.json(await tryStream({ ctx, input: body })),
);
