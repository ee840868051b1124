import { cancelReplay } from "../../../../../../../lib/streams/replays/mutations.ts";
import { ReplayParameter } from "../../../../../../../lib/streams/schema.ts";
import { handle } from "../../../../../handle.ts";

export const DELETE = handle(
  { permission: "streams:write", params: ReplayParameter },
  async ({ ctx, params }) => Response.json(await cancelReplay({ ctx, input: params })),
);
