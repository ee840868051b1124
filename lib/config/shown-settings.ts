import type { Config } from "./load-config.ts";
import { MAIN_PROVIDER_ID, type ProviderConfig } from "./provider-entry.ts";
import { isSetting, type Setting } from "./setting.ts";
import { settings } from "./settings.ts";
import type { ShownSetting } from "./shown-setting.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The configuration in effect, in the order of the documentation. A secret is shown as set or not; of expressions, how many. */
export function listShownSettings(config: Config): ShownSetting[] {
  // `oidc.*` and `providers` are one list of the configuration.
  const oidc = config.providers.find(({ id }) => id === MAIN_PROVIDER_ID) ?? null;
  const providers = config.providers.filter((provider) => provider !== oidc).map(describeProvider);
  return listFrom(settings, { ...config, oidc, providers });
}

const describeProvider = ({ id, name, kind, issuer }: ProviderConfig) =>
  `${id} (${name}, ${kind}, ${issuer})`;

function listFrom(tree: object, values: unknown): ShownSetting[] {
  return Object.entries(tree).flatMap(([key, node]) => {
    const value = typeof values === "object" && values !== null ? Reflect.get(values, key) : null;
    return isSetting(node) ? [showSetting(node, key, value)] : listFrom(node, value);
  });
}

function showSetting(setting: Setting<unknown>, key: string, value: unknown): ShownSetting {
  return {
    name: setting.yaml,
    variable: setting.env,
    value: setting.secret ? showSecret(value) : showValue(key, value),
    meaning: setting.meaning,
    takes: setting.kind.takes,
    fallback: setting.defaultText?.replaceAll("`", "") ?? showValue(key, setting.default),
  };
}

const showSecret = (value: unknown) => (value === null || value === undefined ? null : "Set, not shown");

function showValue(key: string, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value === "number" && key.endsWith("Ms")) return showDuration(value);
  if (typeof value === "number" && key.endsWith("Bytes")) return showBytes(value);
  if (!Array.isArray(value) && typeof value === "object") return showNames(value);
  if (!Array.isArray(value)) return String(value);
  if (value.length === 0) return null;
  return value.some((item) => item instanceof RegExp)
    ? `${value.length} of them, not shown`
    : value.join(", ");
}

const showNames = (names: object) =>
  Object.entries(names)
    .map(([id, name]) => `${id}: ${name}`)
    .join(", ") || null;

function showDuration(milliseconds: number): string {
  if (milliseconds % DAY_MS === 0) return `${milliseconds / DAY_MS} d`;
  if (milliseconds % HOUR_MS === 0) return `${milliseconds / HOUR_MS} h`;
  return `${milliseconds / 60_000} min`;
}

function showBytes(bytes: number): string {
  return bytes % 2 ** 30 === 0 ? `${bytes / 2 ** 30} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;
}
