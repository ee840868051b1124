import { listShownSettings } from "../../../../lib/config/shown-settings.ts";
import { config } from "../../../../lib/config.ts";
import { handle } from "../../handle.ts";

export const dynamic = "force-dynamic";

/** The configuration in effect. It is set where the gateway is started, not here. */
export const GET = handle({ permission: "settings:read" }, async () =>
  Response.json({ settings: listShownSettings(config()) }),
);
