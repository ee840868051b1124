/** `08:12`, `1:02:47`: a moment of a recording. */
export function formatPosition(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const rest = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
  return seconds < 3600 ? rest.join(":") : [Math.floor(seconds / 3600), ...rest].join(":");
}

/** `8 minutes 12 seconds`, for a screen reader. */
export function speakPosition(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), "hour"],
    [Math.floor(seconds / 60) % 60, "minute"],
    [seconds % 60, "second"],
  ];
  const spoken = parts.filter(([count]) => count > 0);
  if (spoken.length === 0) return "0 seconds";
  return spoken.map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(" ");
}

/**
 * The moment that `?t=` names, in milliseconds: seconds (`492`, `492.5`) or as it is shown (`08:12`, `1:02:47`). Null where it names none.
 */
export function readMoment(text: string | null): number | null {
  const parts = text === null ? null : /^(?:(?:(\d{1,4}):)?(\d{1,3}):)?(\d{1,9}(?:\.\d{1,3})?)$/.exec(text);
  if (!parts) return null;
  const [, hours = "0", minutes = "0", seconds = "0"] = parts;
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
}

/** A moment as `?t=` writes it: seconds, with as many decimals as it takes. */
export function writeMoment(milliseconds: number): string {
  return String(Math.round(milliseconds) / 1000);
}
