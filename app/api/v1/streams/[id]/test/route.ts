import { testStream } from "../../../../../../lib/streams/trial/mutations.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const POST = handle({ permission: "streams:write", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await testStream({ ctx, input: params })),
);
