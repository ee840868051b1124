import { pauseStream } from "../../../../../../lib/streams/mutations.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const POST = handle({ permission: "streams:write", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await pauseStream({ ctx, input: params })),
);
