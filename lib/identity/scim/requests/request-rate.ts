import { AppError } from "../../../errors.ts";
import { processState } from "../../../process-state.ts";

const WINDOW_MS = 10_000;
/** Entra sends 25 a second when it provisions for the first time; a process takes twice that of each token. */
const MOST_IN_WINDOW = 500;

interface Window {
  until: number;
  requests: number;
}

/** A window for each token: there are few, and each is one of the database's. */
const windows = processState("identity/scim-rate", () => new Map<string, Window>());

/** @throws AppError `resource_exhausted` with the seconds to wait, for a token that asks too often. */
export function requireRate(tokenId: string, now = Date.now()): void {
  const known = windows.get(tokenId);
  const window = known && known.until > now ? known : { until: now + WINDOW_MS, requests: 0 };
  windows.set(tokenId, window);
  window.requests += 1;
  if (window.requests <= MOST_IN_WINDOW) return;
  const retryAfterSeconds = Math.ceil((window.until - now) / 1_000);
  throw new AppError(
    "resource_exhausted",
    `More than ${MOST_IN_WINDOW} requests came with this token within ${WINDOW_MS / 1_000} seconds. Try again in ${retryAfterSeconds}.`,
    { retryAfterSeconds },
  );
}
