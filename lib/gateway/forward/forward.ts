import type { ForwardInput, ForwardListener } from "../call/call.ts";
import { ForwardedCall } from "./forwarded-call.ts";

/**
 * Takes an ordinary call to its cluster: streams both ways with back-pressure, ends the upstream call when the client leaves,
 * and releases the end of the answer once the call is on the record.
 */
export function forwardCall(input: ForwardInput, listener: ForwardListener): void {
  new ForwardedCall(input, listener).start();
}
