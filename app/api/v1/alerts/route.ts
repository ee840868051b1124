import { listAlerts } from "../../../../lib/alerts/alerts/data.ts";
import { createAlert } from "../../../../lib/alerts/alerts/mutations.ts";
import { CreateAlertInput } from "../../../../lib/alerts/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "alerts:read" }, async ({ ctx }) =>
  Response.json({ alerts: await listAlerts({ ctx }) }),
);

export const POST = handle({ permission: "alerts:write", body: CreateAlertInput }, async ({ ctx, body }) =>
  Response.json(await createAlert({ ctx, input: body }), { status: 201 }),
);
