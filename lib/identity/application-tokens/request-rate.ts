import { LRUCache } from "lru-cache";
import { AppError } from "../../errors.ts";
import { processState } from "../../process-state.ts";

const WINDOW_MS = 60_000;
/** Tokens live up to an hour: who needs more of them in a minute asks anew at each call. */
export const MOST_TOKENS_A_MINUTE = 60;
const MOST_APPLICATIONS = 10_000;

const windows = processState(
  "identity/token-requests",
  () => new LRUCache<string, { count: number }>({ max: MOST_APPLICATIONS, ttl: WINDOW_MS }),
);

/**
 * Counts a token of an application that knew its secret: whoever does not cannot use up its rate.
 * @throws AppError `resource_exhausted` with the seconds to wait.
 */
export function takeTokenRequest(applicationId: string): void {
  const window = windows.get(applicationId);
  if (window === undefined) {
    windows.set(applicationId, { count: 1 });
    return;
  }
  window.count += 1;
  if (window.count <= MOST_TOKENS_A_MINUTE) return;
  const retryAfterSeconds = Math.max(1, Math.ceil(windows.getRemainingTTL(applicationId) / 1_000));
  throw new AppError(
    "resource_exhausted",
    `The application asked for more than ${MOST_TOKENS_A_MINUTE} tokens within a minute. Use one until it expires; ask again in ${retryAfterSeconds} seconds.`,
    { retryAfterSeconds },
  );
}
