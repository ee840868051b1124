import { listShownSettings } from "../../../../lib/config/shown-settings.ts";
import { config } from "../../../../lib/config.ts";
import { describePrograms } from "../../../../lib/terminal/shell/shown-programs.ts";
import { handle } from "../../handle.ts";

export const dynamic = "force-dynamic";

/** The configuration in effect, with what was found for it. It is set where the gateway is started, not here. */
export const GET = handle({ permission: "settings:read" }, async () => {
  const found = describePrograms();
  const settings = listShownSettings(config()).map((setting) => ({
    ...setting,
    value: [setting.value, found[setting.name]].filter(Boolean).join(": ") || null,
  }));
  return Response.json({ settings });
});
