import { listDeadLetters } from "../../../../../../lib/streams/dead-letters/data.ts";
import { DeadLetterQuery } from "../../../../../../lib/streams/schema.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const GET = handle(
  { permission: "streams:read", params: IdParameter, query: DeadLetterQuery },
  async ({ ctx, params, query }) =>
    Response.json(await listDeadLetters({ ctx, input: { ...params, query } })),
);
