import { Refusal } from "../../../lib/gateway/answer/refusal.ts";
import { log } from "../../../lib/log.ts";

/** Connecting to the gateway processes' Unix socket failed: none of them has heard of the call. */
const NOT_TAKEN: ReadonlySet<string | undefined> = new Set(["ECONNREFUSED", "ENOENT", "EAGAIN", "EACCES"]);

export const wasNotTaken = ({ code }: Error & { code?: string }): boolean => NOT_TAKEN.has(code);

/** What a client is told of a call that no gateway process took: nothing was done, and it may be sent again. */
export function notPassed(error: Error): Refusal {
  log.error({ err: error }, "a call that came to the console's port reached no gateway process");
  return Refusal.tryAgain("no gateway process takes calls at the moment; nothing was done");
}
