import { replayRange } from "../../../../../../lib/streams/replays/mutations.ts";
import { ReplayInput } from "../../../../../../lib/streams/schema.ts";
import { handle } from "../../../../handle.ts";
import { IdParameter } from "../../../../id-parameter.ts";

export const POST = handle(
  { permission: "streams:write", params: IdParameter, body: ReplayInput },
  async ({ ctx, params, body }) =>
    Response.json(await replayRange({ ctx, input: { ...params, ...body } }), { status: 201 }),
);
