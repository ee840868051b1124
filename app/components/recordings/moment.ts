/** `08:12`, `1:02:47`: a moment of a recording. */
export function formatPosition(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const rest = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
  return seconds < 3600 ? rest.join(":") : [Math.floor(seconds / 3600), ...rest].join(":");
}

/** A recording shorter than this is told in tenths of a second: in whole ones most of what it has begins and ends at 0. */
const SHORT_MS = 10_000;

/** How exactly the moments of a recording of that length are told: the smallest step, in milliseconds. */
export const stepOf = (durationMs: number): number => (durationMs < SHORT_MS ? 100 : 1000);

/** `08:12`, and `00:00.7` in a short recording: a moment of one of that length. */
export function formatPositionIn(durationMs: number, milliseconds: number): string {
  const whole = formatPosition(milliseconds);
  return stepOf(durationMs) === 1000 ? whole : `${whole}.${Math.floor(milliseconds / 100) % 10}`;
}

/** `8 minutes 12 seconds`, and `0.7 seconds` in a short recording, for a screen reader. */
export function speakPositionIn(durationMs: number, milliseconds: number): string {
  return stepOf(durationMs) === 1000
    ? speakPosition(milliseconds)
    : `${Math.floor(milliseconds / 100) / 10} seconds`;
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
