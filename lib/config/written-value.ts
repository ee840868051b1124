const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** What config.yaml may have for a value. */
export type WrittenValue = string | number | boolean | string[] | null;

/** A setting's value as config.yaml would have it. `path`: where it is in a `Config`; the last part says its unit. */
export function writeValue(path: readonly string[], value: unknown): WrittenValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return path.at(-1)?.endsWith("Ms") ? writeDuration(value) : value;
  if (!Array.isArray(value)) return String(value);
  return value.map((item) => (item instanceof RegExp ? item.source : String(item)));
}

function writeDuration(milliseconds: number): string {
  const [unit, size] = UNITS.find(([, length]) => milliseconds % length === 0) ?? ["s", 1_000];
  return `${Math.round(milliseconds / size)}${unit}`;
}
