const UNITS: readonly [name: string, milliseconds: number, until: number][] = [
  ["min", 60_000, 60 * 60_000],
  ["h", 3_600_000, 36 * 3_600_000],
  ["d", 86_400_000, 60 * 86_400_000],
  ["months", 30.44 * 86_400_000, 730 * 86_400_000],
  ["years", 365.25 * 86_400_000, Number.POSITIVE_INFINITY],
];

/** `just now`, `5 min ago`, `3 h ago`, `12 d ago`, `4 months ago`. */
export function formatAgo(milliseconds: number): string {
  return milliseconds < 60_000 ? "just now" : `${formatSpan(milliseconds)} ago`;
}

/** `in less than a minute`, `in 5 min`, `in 7 d`. */
export function formatAhead(milliseconds: number): string {
  return milliseconds < 60_000 ? "in less than a minute" : `in ${formatSpan(milliseconds)}`;
}

/** `5 min`, `3 h`, `12 d`. */
export function formatSpan(milliseconds: number): string {
  const [name, size] = UNITS.find(([, , until]) => milliseconds < until) ?? ["years", 365.25 * 86_400_000];
  return `${Math.max(1, Math.round(milliseconds / size))} ${name}`;
}
