import type { Refusal } from "../answer/refusal.ts";
import type { ForwardInput } from "../call/call.ts";
import { ForwardedCall } from "./forwarded-call.ts";

/**
 * Takes an ordinary call to its cluster: streams both ways with back-pressure, ends the upstream call when the client leaves,
 * and releases the end of the answer once the call is on the record. Yields a refusal where nothing was answered yet.
 */
export function forwardCall(input: ForwardInput): Promise<Refusal | null> {
  return new Promise((resolve) => new ForwardedCall(input, resolve).start());
}
