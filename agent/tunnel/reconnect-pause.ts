const SHORTEST_MS = 1_000;
const LONGEST_MS = 10_000;

/** Between 1 and 10 s, longer with failures, with jitter: a gateway that starts again must not be dialled by all agents at once. */
export function reconnectPause(failures: number): number {
  const longest = Math.min(SHORTEST_MS * 2 ** Math.max(1, failures), LONGEST_MS);
  return SHORTEST_MS + Math.random() * (longest - SHORTEST_MS);
}
