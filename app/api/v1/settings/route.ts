import { listSettings } from "../../../../lib/settings/data.ts";
import { changeSettings } from "../../../../lib/settings/mutations.ts";
import { ChangeSettingsInput, type SettingView } from "../../../../lib/settings/schema.ts";
import { describePrograms } from "../../../../lib/terminal/shell/shown-programs.ts";
import { handle } from "../../handle.ts";

export const dynamic = "force-dynamic";

/** The configuration in effect, with what was found for it. */
export const GET = handle({ permission: "settings:read" }, async ({ ctx }) =>
  answer(await listSettings({ ctx })),
);

/** Changes what may be changed while it runs. The answer is what is in effect then. */
export const PATCH = handle(
  { permission: "settings:write", body: ChangeSettingsInput },
  async ({ ctx, body }) => answer(await changeSettings({ ctx, input: body })),
);

function answer(settings: SettingView[]): Response {
  const found = describePrograms();
  return Response.json({
    settings: settings.map((setting) => ({
      ...setting,
      value: [setting.value, found[setting.name]].filter(Boolean).join(": ") || null,
    })),
  });
}
