import { AppError } from "../../errors.ts";
import { RequestRate } from "../../limits/request-rate.ts";
import { processState } from "../../process-state.ts";

/** Tokens live up to an hour: who needs more of them in a minute asks anew at each call. */
export const MOST_TOKENS_A_MINUTE = 60;

const rate = processState(
  "identity/token-requests",
  () => new RequestRate({ most: MOST_TOKENS_A_MINUTE, windowMs: 60_000 }),
);

/**
 * Counts a token of an application that knew its secret: whoever does not cannot use up its rate.
 * @throws AppError `resource_exhausted` with the seconds to wait.
 */
export function takeTokenRequest(applicationId: string): void {
  const retryAfterSeconds = rate.take(applicationId);
  if (retryAfterSeconds === null) return;
  throw new AppError(
    "resource_exhausted",
    `The application asked for more than ${MOST_TOKENS_A_MINUTE} tokens within a minute. Use one until it expires; ask again in ${retryAfterSeconds} seconds.`,
    { retryAfterSeconds },
  );
}
