import { hasPermission, requirePermission } from "../access/permission.ts";
import { changeableSettings, writtenValue } from "../config/overlay.ts";
import type { Setting } from "../config/setting.ts";
import type { ShownSetting } from "../config/shown-setting.ts";
import { listShownSettings } from "../config/shown-settings.ts";
import { config, ignoredValues } from "../config.ts";
import type { Context } from "../context.ts";
import { pool } from "../db/connection.ts";
import type { SettingView } from "./schema.ts";
import { readStoredSettings, type StoredSetting } from "./stored.ts";

/** The configuration in effect, in the order of the documentation, and where each value comes from. */
export async function listSettings({ ctx }: { ctx: Context }): Promise<SettingView[]> {
  requirePermission(ctx, "settings:read");
  const stored = new Map((await readStoredSettings(pool())).map((row) => [row.name, row]));
  const changeable = new Map(changeableSettings().map((setting) => [setting.yaml, setting]));
  const mayChange = hasPermission(ctx, "settings:write");
  return listShownSettings(config()).map((shown) =>
    viewSetting(shown, {
      setting: changeable.get(shown.name) ?? null,
      stored: stored.get(shown.name) ?? null,
      mayChange,
    }),
  );
}

interface Known {
  /** null where it may not be changed while it runs. */
  setting: Setting<unknown> | null;
  stored: StoredSetting | null;
  mayChange: boolean;
}

function viewSetting(shown: ShownSetting, { setting, stored, mayChange }: Known): SettingView {
  const effective = config();
  const source = effective.sources[shown.name] ?? null;
  const set = setting === null ? null : stored;
  return {
    ...shown,
    origin: source?.kind ?? (set === null ? "default" : "console"),
    setIn: source?.name ?? null,
    changeable: setting !== null,
    written: setting !== null && mayChange ? writtenValue(effective, shown.name) : null,
    choices: setting === null ? null : [...(setting.kind.choices ?? [])],
    revision: set?.revision ?? 0,
    changedBy: set?.changedBy ?? null,
    changedAt: set?.changedAt.toISOString() ?? null,
    problem: problemOf(shown, source !== null, set),
  };
}

function problemOf({ name }: ShownSetting, fixed: boolean, stored: StoredSetting | null): string | null {
  if (stored === null) return null;
  if (fixed) return "A value was set here too: it does not count.";
  const ignored = ignoredValues().find((one) => one.name === name);
  return ignored ? `What was set here does not count: ${ignored.reason}.` : null;
}
