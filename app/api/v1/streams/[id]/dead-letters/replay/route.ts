import { replayDeadLetters } from "../../../../../../../lib/streams/dead-letters/mutations.ts";
import { DeadLetterChoice } from "../../../../../../../lib/streams/schema.ts";
import { handle } from "../../../../../handle.ts";
import { IdParameter } from "../../../../../id-parameter.ts";

export const POST = handle(
  { permission: "streams:write", params: IdParameter, body: DeadLetterChoice },
  async ({ ctx, params, body }) =>
    Response.json(await replayDeadLetters({ ctx, input: { ...params, ...body } })),
);
