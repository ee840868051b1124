const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const DURATION_TAKES = "a duration such as 250ms, 1.5s, 2m or 1h (a bare number is milliseconds)";

/** Reads a duration as the filter language writes it, in milliseconds; null when it is none. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)?$/.exec(text);
  if (!match) return null;
  return Number(match[1]) * (UNITS[match[2] ?? "ms"] ?? 1);
}
