const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const LIFETIMES = [
  { milliseconds: HOUR, label: "1 hour" },
  { milliseconds: 8 * HOUR, label: "8 hours" },
  { milliseconds: DAY, label: "1 day" },
  { milliseconds: 7 * DAY, label: "7 days" },
  { milliseconds: 30 * DAY, label: "30 days" },
  { milliseconds: 90 * DAY, label: "90 days" },
];

/** How long a token may count: round lengths below the longest that the configuration permits, and that. */
export function lifetimeOptions(longestMs: number): { value: string; label: string }[] {
  const below = LIFETIMES.filter(({ milliseconds }) => milliseconds < longestMs);
  const longest =
    LIFETIMES.find(({ milliseconds }) => milliseconds === longestMs)?.label ?? describe(longestMs);
  return [
    ...below.map(({ milliseconds, label }) => ({ value: String(milliseconds), label })),
    { value: String(longestMs), label: `${longest}, the longest permitted` },
  ];
}

function describe(milliseconds: number): string {
  if (milliseconds % DAY === 0) return `${milliseconds / DAY} days`;
  if (milliseconds % HOUR === 0) return `${milliseconds / HOUR} hours`;
  return `${Math.floor(milliseconds / 60_000)} minutes`;
}
