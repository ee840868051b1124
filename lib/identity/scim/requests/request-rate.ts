import { AppError } from "../../../errors.ts";
import { RequestRate } from "../../../limits/request-rate.ts";
import { processState } from "../../../process-state.ts";

const WINDOW_MS = 10_000;
/** Entra sends 25 a second when it provisions for the first time; a process takes twice that of each token. */
const MOST_IN_WINDOW = 500;

const rate = processState(
  "identity/scim-rate",
  () => new RequestRate({ most: MOST_IN_WINDOW, windowMs: WINDOW_MS }),
);

/** @throws AppError `resource_exhausted` with the seconds to wait, for a token that asks too often. */
export function requireRate(tokenId: string): void {
  const retryAfterSeconds = rate.take(tokenId);
  if (retryAfterSeconds === null) return;
  throw new AppError(
    "resource_exhausted",
    `More than ${MOST_IN_WINDOW} requests came with this token within ${WINDOW_MS / 1_000} seconds. Try again in ${retryAfterSeconds}.`,
    { retryAfterSeconds },
  );
}
