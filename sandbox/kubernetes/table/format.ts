import { fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";

/** k8s.io/apimachinery/pkg/util/duration.HumanDuration: `45s`, `2m39s`, `5h`, `3d4h`, `40d`, `2y10d`. */
export function formatAge(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return withRest(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return withRest(days, "d", hours % 24, "h");
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? withRest(years, "y", days % 365, "d") : `${years}y`;
}

function withRest(whole: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${restUnit}`;
}

/** A selector by labels as printers show it. */
export function formatMap(map: unknown): string {
  const entries = Object.entries(fieldsOf(map)).map(([key, value]) => `${key}=${String(value)}`);
  return entries.length === 0 ? "<none>" : entries.sort().join(",");
}

export function joined(values: unknown, separator = ","): string {
  return listOf(values).map(String).join(separator);
}

export function orNone(text: unknown): string {
  return textOf(text) === "" ? "<none>" : textOf(text);
}

export function containerNames(podSpec: unknown): string {
  return listOf(fieldsOf(podSpec).containers)
    .map((container) => textOf(fieldsOf(container).name))
    .join(",");
}

export function containerImages(podSpec: unknown): string {
  return listOf(fieldsOf(podSpec).containers)
    .map((container) => textOf(fieldsOf(container).image))
    .join(",");
}

/** `ReadWriteOnce` as `RWO` and so on. */
export function accessModes(modes: unknown): string {
  const short: Record<string, string> = {
    ReadWriteOnce: "RWO",
    ReadOnlyMany: "ROX",
    ReadWriteMany: "RWX",
    ReadWriteOncePod: "RWOP",
  };
  return listOf(modes)
    .map((mode) => short[textOf(mode)] ?? textOf(mode))
    .join(",");
}

export function conditionStatus(conditions: unknown, type: string): string {
  const found = listOf(conditions).find((condition) => isFields(condition) && condition.type === type);
  return textOf(fieldsOf(found).status);
}
