import { measureReplay } from "../../../../../../../lib/streams/replays/measure.ts";
import { MeasureReplayQuery } from "../../../../../../../lib/streams/replays/schema.ts";
import { handle } from "../../../../../handle.ts";
import { IdParameter } from "../../../../../id-parameter.ts";

export const GET = handle(
  { permission: "streams:read", params: IdParameter, query: MeasureReplayQuery },
  async ({ ctx, params, query }) =>
    Response.json(await measureReplay({ ctx, input: { ...params, ...query } })),
);
