import type { Config } from "./load-config.ts";
import { isSetting, type Setting } from "./setting.ts";
import { settings } from "./settings.ts";
import { type WrittenValue, writeValue } from "./written-value.ts";

/** A value that was set while it ran and does not count, and why. */
export interface IgnoredValue {
  name: string;
  reason: string;
}

/** The configuration with what was set while it ran, and what of that does not count. */
export interface OverlaidConfig {
  config: Config;
  ignored: IgnoredValue[];
}

interface Place {
  setting: Setting<unknown>;
  /** Where its value is in a `Config`. */
  path: readonly string[];
}

const PLACES = placesIn(settings);

function placesIn(tree: object, above: readonly string[] = []): Place[] {
  return Object.entries(tree).flatMap(([key, node]): Place[] => {
    const path = [...above, key];
    return isSetting(node) ? [{ setting: node, path }] : placesIn(node, path);
  });
}

/** The settings that may be changed while it runs. */
export const changeableSettings = (): Setting<unknown>[] =>
  PLACES.map(({ setting }) => setting).filter(({ changeable }) => changeable === true);

/** What a configuration has for a setting, as config.yaml would have it. */
export function writtenValue(config: Config, name: string): WrittenValue {
  const path = PLACES.find(({ setting }) => setting.yaml === name)?.path ?? [];
  const value = path.reduce<unknown>(
    (node, key) => (typeof node === "object" && node !== null ? Reflect.get(node, key) : undefined),
    config,
  );
  return writeValue(path, value);
}

/**
 * The configuration `base` with the values of `changed`, which has them by name and as the file would. What the environment or the file sets
 * counts before them. One that is not taken any more counts for nothing: in its place is the setting's `ifUnreadable`, else its default.
 */
export function overlayConfig(base: Config, changed: ReadonlyMap<string, unknown>): OverlaidConfig {
  const ignored: IgnoredValue[] = [];
  let config = base;
  for (const { setting, path } of PLACES) {
    if (!setting.changeable || !changed.has(setting.yaml) || base.sources[setting.yaml]) continue;
    const parsed = setting.kind.schema.safeParse(changed.get(setting.yaml));
    if (!parsed.success) ignored.push({ name: setting.yaml, reason: `takes ${setting.kind.takes}` });
    const value = parsed.success ? parsed.data : (setting.ifUnreadable ?? setting.default);
    config = withValue(config, path, value) as Config;
  }
  return { config, ignored };
}

function withValue(node: object, [key = "", ...rest]: readonly string[], value: unknown): object {
  return { ...node, [key]: rest.length === 0 ? value : withValue(Reflect.get(node, key), rest, value) };
}
