import { changeableSettings } from "../config/overlay.ts";
import type { Setting } from "../config/setting.ts";
import { showValue } from "../config/show-value.ts";
import { suggestName } from "../config/suggest-name.ts";
import { config } from "../config.ts";
import { AppError, type ErrorDetail } from "../errors.ts";
import type { SettingValue } from "./schema.ts";
import type { StoredSetting } from "./stored.ts";

interface Change {
  name: string;
  value: SettingValue;
  revision?: number;
}

/**
 * Refuses a change of what is no setting, or one that is not changed here, and a value that the setting does not take.
 * @throws AppError `invalid_argument`
 */
export function checkChange(
  { name, value }: Change,
  { index, changes }: { index: number; changes: readonly Change[] },
): void {
  const refuse = refusalOf(index);
  if (changes.findIndex((change) => change.name === name) !== index)
    throw refuse("name", name, "each setting once");
  const setting = requireChangeable(name, refuse);
  const source = config().sources[name];
  if (source) {
    const where = source.kind === "environment" ? `${source.name} in the environment` : source.name;
    throw refuse(
      "name",
      name,
      `a setting that is not set where the gateway is started: ${where} sets this one`,
    );
  }
  if (value === null) return;
  const parsed = setting.kind.schema.safeParse(value);
  if (!parsed.success) throw refuse("value", showValue(setting, value), setting.kind.takes, name);
}

type Refuse = ReturnType<typeof refusalOf>;

function requireChangeable(name: string, refuse: Refuse): Setting<unknown> {
  const settings = changeableSettings();
  const setting = settings.find(({ yaml }) => yaml === name);
  if (setting) return setting;
  const hint = suggestName(
    name,
    settings.map(({ yaml }) => yaml),
  );
  throw refuse("name", name, `the name of a setting that may be changed while it runs${hint}`);
}

const refusalOf =
  (index: number) =>
  (
    field: "name" | "value",
    got: string,
    takes: string,
    name = field === "name" ? "name" : field,
  ): AppError => {
    const detail: ErrorDetail = { field: `changes.${index}.${field}`, got, takes };
    return new AppError("invalid_argument", `${name}: got ${got}; takes ${takes}`, { details: [detail] });
  };

/**
 * Refuses a change of what somebody else has changed since it was seen.
 * @throws AppError `conflict`
 */
export function refuseStale(
  { name, revision }: Change,
  { index, stored }: { index: number; stored: readonly StoredSetting[] },
): void {
  const now = stored.find((one) => one.name === name);
  if (revision === undefined || revision === (now?.revision ?? 0)) return;
  const who =
    now === undefined
      ? "has been given back to its default"
      : `was changed by ${now.changedBy ?? "the gateway"}`;
  const takes = "the revision that counts now: read the settings again";
  throw new AppError("conflict", `${name} ${who} meanwhile. Look at it again, then change it.`, {
    details: [{ field: `changes.${index}.revision`, got: String(revision), takes }],
  });
}
