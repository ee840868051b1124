const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
/** A receiver that asks for more is asked again after so long. */
const LONGEST_ASKED_MS = 3_600_000;

/** How long to wait after so many failures in a row: from half of it to the whole, doubling up to a minute; as long as the receiver asked for, at least. */
export function backOffMs(failures: number, retryAfterMs = 0): number {
  const longest = Math.min(FIRST_MS * 2 ** Math.max(0, failures - 1), LONGEST_MS);
  return Math.max(Math.min(retryAfterMs, LONGEST_ASKED_MS), longest * (0.5 + Math.random() / 2));
}
