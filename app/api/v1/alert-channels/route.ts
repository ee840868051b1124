import { listChannels } from "../../../../lib/alerts/channels/data.ts";
import { createAlertChannel } from "../../../../lib/alerts/channels/mutations.ts";
import { CreateChannelInput } from "../../../../lib/alerts/channels/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "alerts:read" }, async ({ ctx }) =>
  Response.json({ channels: await listChannels({ ctx }) }),
);

export const POST = handle({ permission: "alerts:write", body: CreateChannelInput }, async ({ ctx, body }) =>
  Response.json(await createAlertChannel({ ctx, input: body }), { status: 201 }),
);
